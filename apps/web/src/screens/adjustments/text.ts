import type { TextSet } from '../../text/text-set';

export const adjustmentTexts = {
  title: { zh: '调整', en: 'Adjustments' },
  lead: { zh: '事后更正了什么，为什么？', en: 'What was corrected afterwards, and why?' },
  none: { zh: '还没有调整', en: 'No adjustments yet' },
  noneTeach: {
    zh: '营业日关闭后不再更改。争议或差异有结果时产生一笔调整，计入下一次关闭。管理员在营业日的“差异”中提议，另一位管理员批准。',
    en: 'A closed business day is never changed. When a dispute or a difference is decided, an adjusting entry corrects it with the next close. An admin proposes one under the differences of a business day, and another approves it.',
  },
  from: { zh: '付款方', en: 'Pays' },
  to: { zh: '收款方', en: 'Receives' },
  amount: { zh: '金额', en: 'Amount' },
  text: { zh: '说明', en: 'Text' },
  cause: { zh: '原因', en: 'Cause' },
  dispute: { zh: '争议', en: 'Dispute' },
  difference: { zh: '差异', en: 'Difference' },
  createdAt: { zh: '时间', en: 'Posted' },
  day: { zh: '计入营业日', en: 'In the business day' },
  notYet: { zh: '等待下一次关闭', en: 'Waits for the next close' },
} satisfies TextSet;
