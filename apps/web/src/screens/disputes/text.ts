import type { TextSet } from '../../text/text-set';

export const disputeTexts = {
  title: { zh: '争议', en: 'Disputes' },
  lead: {
    zh: '谁对谁提出了什么，接下来轮到谁，到什么时候？',
    en: 'Who claims what from whom, whose turn is it, and until when?',
  },
  none: { zh: '没有争议', en: 'No disputes' },
  noneTeach: {
    zh: '成员可以对一条错误计费或处理的消息提出争议。每一步都有期限，因此每个争议都会结束。',
    en: 'A member can dispute a message that was billed or handled wrongly. Each step has a deadline, so that every dispute ends.',
  },
  one: { zh: '争议 {reference}', en: 'Dispute of {reference}' },
  oneLead: { zh: '发生了什么，接下来谁必须做什么？', en: 'What has happened, and who has to do what next?' },
  back: { zh: '全部争议', en: 'All disputes' },
  openOne: { zh: '提出争议', en: 'Open a dispute' },
  openEffect: {
    zh: '对方网络会立即得到通知。金额最多为该记录的价格加上该类争议的费用。',
    en: 'The other network is told at once. The amount is at most the price of the record plus the fee of the kind.',
  },
  facts: { zh: '概要', en: 'Summary' },
  timeline: { zh: '经过', en: 'Timeline' },
  reference: { zh: '明细记录编号', en: 'Reference of the record' },
  toNetwork: { zh: '收方网络', en: 'Receiving network' },
  kind: { zh: '类型', en: 'Kind' },
  amount: { zh: '金额（元）', en: 'Amount in yuan' },
  amountRule: {
    zh: '大于零的十进制数，最多六位小数',
    en: 'A decimal number above zero, with up to six places',
  },
  text: { zh: '说明', en: 'Text' },
  textHelp: { zh: '不要引用他人的消息内容。', en: 'Do not quote messages of people.' },
  envelopeHash: { zh: '事件的 SHA-256', en: 'SHA-256 of the event' },
  hashRule: { zh: '64 位小写十六进制数字', en: '64 hexadecimal digits in lower case' },
  missing: { zh: '请填写。', en: 'Fill this in.' },
  claimant: { zh: '申诉方', en: 'Claimant' },
  respondent: { zh: '被诉方', en: 'Respondent' },
  admin: { zh: '管理员', en: 'Admin' },
  nobody: { zh: '无需任何人', en: 'nobody' },
  state: { zh: '状态', en: 'State' },
  deadline: { zh: '期限', en: 'Deadline' },
  awaits: { zh: '轮到', en: 'Whose turn' },
  openedAt: { zh: '提出时间', en: 'Opened' },
  ruling: { zh: '裁定有利于', en: 'Ruling for' },
  outcome: { zh: '胜方', en: 'Won by' },
  next: { zh: '接下来：{who}，期限 {at}', en: 'Next: {who}, by {at}' },
  nextNobody: { zh: '{at} 生效，无需任何操作', en: 'Takes effect at {at}; nobody has to act' },
  reminded: {
    zh: '首个期限已过，已提醒。此期限过后将缺席裁定。',
    en: 'The first deadline has passed and both sides were reminded. When this one passes, a default ruling follows.',
  },
  fee: { zh: '费用 {fee}', en: 'fee {fee}' },
  proposed: {
    zh: '已提议，等待另一位管理员批准（见“待办变更”）。',
    en: 'Proposed. Another admin approves it under Changes.',
  },
  ruleFor: { zh: '裁定有利于', en: 'Rule for' },
} satisfies TextSet;

export const stateTexts = {
  opened: { zh: '已提出', en: 'Opened' },
  evidence_requested: { zh: '已要求举证', en: 'Evidence requested' },
  answered: { zh: '已答复', en: 'Answered' },
  charged_back: { zh: '已退单', en: 'Charged back' },
  represented: { zh: '已再次举证', en: 'Represented' },
  default_pending_review: { zh: '缺席裁定待复核', en: 'Default ruling under review' },
  arbitrated: { zh: '已裁定', en: 'Ruled' },
  closed: { zh: '已结束', en: 'Closed' },
} satisfies TextSet;

export const kindTexts = {
  not_delivered: { zh: '计费但未送达', en: 'Billed as delivered, and was not' },
  delivered_twice: { zh: '重复送达或计费', en: 'Delivered or billed twice' },
  late: { zh: '送达过迟', en: 'Delivered too late' },
  spam: { zh: '垃圾消息', en: 'Spam' },
  spoofed_sender: { zh: '冒充发送人', en: 'Spoofed sender' },
  wrong_class_rated: { zh: '业务类别计错', en: 'Billed as a wrong class' },
  content_altered: { zh: '内容被改动', en: 'Content altered' },
  illegal_content: { zh: '违法内容', en: 'Illegal content' },
} satisfies TextSet;

export const actionTexts = {
  open: { zh: '提出争议', en: 'Opened the dispute' },
  'request-evidence': { zh: '要求举证', en: 'Request evidence' },
  answer: { zh: '答复并举证', en: 'Answer with evidence' },
  'charge-back': { zh: '退单', en: 'Charge back' },
  represent: { zh: '再次举证', en: 'Represent' },
  arbitrate: { zh: '裁定', en: 'Rule' },
  'confirm-default': { zh: '维持缺席裁定', en: 'Confirm the default ruling' },
  'overturn-default': { zh: '撤销缺席裁定', en: 'Overturn the default ruling' },
  accept: { zh: '接受并付款', en: 'Accept and pay' },
  withdraw: { zh: '撤回', en: 'Withdraw' },
  remind: { zh: '提醒', en: 'Reminder' },
  default: { zh: '缺席裁定', en: 'Default ruling' },
  'take-effect': { zh: '生效', en: 'Took effect' },
} satisfies TextSet;
