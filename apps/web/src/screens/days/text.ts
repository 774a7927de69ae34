import type { TextSet } from '../../text/text-set';

export const dayTexts = {
  title: { zh: '营业日', en: 'Business days' },
  lead: { zh: '每天谁该付给谁多少？', en: 'Who owes how much, day by day?' },
  none: { zh: '还没有营业日', en: 'No business days yet' },
  noneTeach: {
    zh: '第一条计费消息开启一个营业日；日切后它关闭，结算单随之生成。',
    en: 'The first message with a price opens a business day. When the day ends it is closed, and its statements are written.',
  },
  dayLead: { zh: '这一天的结算单', en: 'The statements of this day' },
  back: { zh: '返回列表', en: 'All business days' },
  statements: { zh: '结算单', en: 'Statements' },
  save: { zh: '保存 {party} 的结算单（{format}）', en: 'Save the statement of {party} as {format}' },
  notYet: {
    zh: '营业日关闭后才有结算单。',
    en: 'There are statements when the business day is closed.',
  },
  date: { zh: '日期', en: 'Date' },
  state: { zh: '状态', en: 'State' },
  open: { zh: '开放', en: 'Open' },
  closed: { zh: '已关闭', en: 'Closed' },
  closedAt: { zh: '关闭时间', en: 'Closed at' },
  records: { zh: '明细记录', en: 'Detail records' },
  netSum: { zh: '轧差合计', en: 'Sum of positions' },
} satisfies TextSet;
