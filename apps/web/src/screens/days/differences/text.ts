import type { TextSet } from '../../../text/text-set';

export const differenceTexts = {
  title: { zh: '差异', en: 'Differences' },
  none: { zh: '没有成员对这一天提出差异。', en: 'No member has raised a difference about this day.' },
  raise: { zh: '提出差异', en: 'Raise a difference' },
  raiseEffect: {
    zh: '两位管理员将处理该差异；处理前不能确认结算单。',
    en: 'Two admins resolve it; until then the statement cannot be confirmed.',
  },
  amount: {
    zh: '差额（元）：正确净额减去结算单净额',
    en: 'Amount in yuan: the correct position minus that of the statement',
  },
  amountRule: {
    zh: '不为零的十进制数，最多六位小数，例如 -0.25',
    en: 'A decimal number that is not zero, with up to six places, such as -0.25',
  },
  text: { zh: '说明', en: 'Text' },
  missing: { zh: '请填写。', en: 'Fill this in.' },
  network: { zh: '网络', en: 'Network' },
  amountShort: { zh: '差额', en: 'Amount' },
  state: { zh: '状态', en: 'State' },
  open: { zh: '未处理', en: 'Open' },
  resolved: { zh: '已处理', en: 'Resolved' },
  raisedAt: { zh: '提出时间', en: 'Raised' },
  resolution: { zh: '处理结果', en: 'Resolution' },
  resolve: { zh: '提议处理', en: 'Propose a resolution' },
  resolveEffect: {
    zh: '另一位管理员批准后生效。若成员有理，请同时提议一笔调整。',
    en: 'It takes effect when another admin approves it. If the member is right, propose an adjusting entry with it.',
  },
  proposed: {
    zh: '已提议，等待另一位管理员批准（见“待办变更”）。',
    en: 'Proposed. Another admin approves it under Changes.',
  },
  withEntry: { zh: '附一笔调整', en: 'With an adjusting entry' },
  from: { zh: '付款方', en: 'Pays' },
  to: { zh: '收款方', en: 'Receives' },
  entryAmount: { zh: '金额（元）', en: 'Amount in yuan' },
  entryRule: {
    zh: '大于零的十进制数，最多六位小数',
    en: 'A decimal number above zero, with up to six places',
  },
} satisfies TextSet;
