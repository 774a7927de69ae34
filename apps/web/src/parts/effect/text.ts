import type { TextSet } from '../../text/text-set';

export const effectTexts = {
  title: { zh: '影响预览', en: 'Effect' },
  stopped: {
    zh: '过去 24 小时内会有 {messages, number} 条消息被拒，资费 {fees}',
    en: 'Would have stopped {messages, plural, one {# message} other {# messages}} in the last 24 hours, {fees}',
  },
  repriced: {
    zh: '过去 24 小时的消息费用会是 {after}，而不是 {before}',
    en: 'The traffic of the last 24 hours would have cost {after} instead of {before}',
  },
  rerouted: {
    zh: '过去 24 小时内会有 {messages, number} 条消息改投其他网络，资费为 {after}，而不是 {before}',
    en: 'Would have rerouted {messages, plural, one {# message} other {# messages}} of the last 24 hours, at {after} instead of {before}',
  },
  nothing: {
    zh: '过去 24 小时送达的 {counted, number} 条消息不受影响',
    en: 'Would have changed nothing for the {counted, plural, one {# message} other {# messages}} delivered in the last 24 hours',
  },
  noTraffic: {
    zh: '过去 24 小时没有送达的消息，无法推算影响',
    en: 'No message was delivered in the last 24 hours, so that the effect cannot be told from traffic',
  },
  unknown: {
    zh: '影响未知：消息太多，无法及时统计',
    en: 'The effect is unknown: there is too much traffic to count in time',
  },
  'upper-bound': {
    zh: '限额的影响是上限：按整秒、整分计算，且把每位收信人都算作新联系人。',
    en: 'The effect of limits is an upper bound: it counts whole seconds and minutes, and every recipient as new.',
  },
  'bill-and-keep': {
    zh: '适用对等免结：当日结束时费用可能免除。',
    en: 'Bill and keep applies: fees can be waived at the end of the day.',
  },
  routes: {
    zh: '按发信人填写的号码或域名统计（来自轨迹）；号码绑定和用户同意按目前的情况计算。',
    en: 'Counted from the trace, by the numbers and domains that senders named; links and consent are those of now.',
  },
  row: {
    zh: '{from} → {to} · {class}：{messages, number} 条',
    en: '{from} → {to} · {class}: {messages, plural, one {# message} other {# messages}}',
  },
  senders: {
    zh: '{senders, number} 位发信人',
    en: '{senders, plural, one {# sender} other {# senders}}',
  },
  more: { zh: '另有 {count, number} 项', en: 'and {count, number} more' },
} satisfies TextSet;
