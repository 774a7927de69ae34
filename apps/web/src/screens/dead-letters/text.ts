import type { TextSet } from '../../text/text-set';

export const letterTexts = {
  title: { zh: '死信', en: 'Dead letters' },
  lead: {
    zh: '哪些消息无法处理，为什么，怎么办？',
    en: 'Which messages could not be processed, why, and what can be done?',
  },
  none: { zh: '没有死信', en: 'No dead letters' },
  noneTeach: {
    zh: '无法处理的消息不会消失：它们连同原因出现在这里，改正后可以重放。',
    en: 'A message that cannot be processed does not disappear: it appears here with its cause, and can be replayed after the correction.',
  },
  groups: { zh: '按原因', en: 'By cause' },
  letters: { zh: '逐条', en: 'One by one' },
  count: { zh: '{count} 封', en: '{count, plural, one {# letter} other {# letters}}' },
  newest: { zh: '最近', en: 'Newest' },
  replayAll: { zh: '全部重放', en: 'Replay all' },
  discardAll: { zh: '全部丢弃', en: 'Discard all' },
  replay: { zh: '重放', en: 'Replay' },
  discard: { zh: '丢弃', en: 'Discard' },
  selected: { zh: '已选 {count}', en: '{count} selected' },
  replayTitle: {
    zh: '重放 {count} 封死信？',
    en: 'Replay {count, plural, one {# letter} other {# letters}}?',
  },
  replayEffect: {
    zh: '原消息会重新进入原来的主题。若原因未改正，它们会再次成为死信。',
    en: 'The original messages are published again. If the cause is not corrected, they become dead letters again.',
  },
  discardTitle: {
    zh: '丢弃 {count} 封死信？',
    en: 'Discard {count, plural, one {# letter} other {# letters}}?',
  },
  discardEffect: {
    zh: '丢弃后无法恢复，也无法重放。',
    en: 'This cannot be undone: a letter that is discarded cannot be replayed.',
  },
  working: { zh: '{done} / {all}', en: '{done} of {all}' },
  finished: { zh: '完成 {done}，失败 {failed}', en: '{done} done, {failed} failed' },
  results: { zh: '每封的结果', en: 'Result of each letter' },
  done: { zh: '完成', en: 'done' },
  letter: { zh: '死信 {id}', en: 'Letter {id}' },
  close: { zh: '关闭', en: 'Close' },
  cancel: { zh: '取消', en: 'Cancel' },
  id: { zh: '编号', en: 'Id' },
  reason: { zh: '原因', en: 'Cause' },
  detail: { zh: '详情', en: 'Detail' },
  network: { zh: '网络', en: 'Network' },
  event: { zh: '消息', en: 'Message' },
  attempts: { zh: '尝试', en: 'Attempts' },
  at: { zh: '时间', en: 'Time' },
} satisfies TextSet;
