import type { TextSet } from '../../../text/text-set';

export const searchTexts = {
  title: { zh: '按条件查找消息', en: 'Search messages' },
  address: { zh: '人员的地址', en: 'Address of a person' },
  network: { zh: '网络', en: 'Network' },
  code: { zh: '结果代码', en: 'Result code' },
  since: { zh: '从', en: 'Since' },
  until: { zh: '到', en: 'Until' },
  timeHint: { zh: '9:00 或 2026-11-28 09:00', en: '9:00, or 2026-11-28 09:00' },
  failed: { zh: '仅失败的消息', en: 'Failed messages only' },
  search: { zh: '查找消息', en: 'Search' },
  failedSince: { zh: '今天 9:00 以来失败的', en: 'Failed since 9:00' },
  clear: { zh: '清除条件', en: 'Clear' },
  noTime: {
    zh: '请输入 9:00、2026-11-28 或 2026-11-28 09:00。',
    en: 'Enter 9:00, 2026-11-28 or 2026-11-28 09:00.',
  },
  noCode: { zh: '结果代码为两到三位数字。', en: 'A result code has two or three digits.' },
  none: { zh: '没有符合条件的消息', en: 'No message matches' },
  noneTeach: {
    zh: '请放宽时间或条件。消息在被接收约一秒后出现在这里；轨迹保留一段时间后会删除。',
    en: 'Widen the time or the filters. A message appears here about a second after it was accepted; its trace is deleted after some time.',
  },
  more: { zh: '再读取 {count} 条', en: 'Load {count} more' },
  at: { zh: '时间', en: 'Time' },
  message: { zh: '消息', en: 'Message' },
  from: { zh: '发件人', en: 'From' },
  to: { zh: '收件人', en: 'To' },
  failure: { zh: '失败原因', en: 'Failure' },
} satisfies TextSet;
