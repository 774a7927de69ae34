import type { TextSet } from '../../text/text-set';

export const riskTexts = {
  title: { zh: '风险', en: 'Risk' },
  lead: {
    zh: '谁被投诉，触及了哪些限制，采取了哪些措施，如何解除？',
    en: 'Who is complained about, which limits are reached, which steps were taken, and how are they lifted?',
  },
  networks: { zh: '网络', en: 'Networks' },
  limits: { zh: '触及的限制', en: 'Limits reached' },
  complaints: { zh: '投诉', en: 'Complaints' },
  blocked: { zh: '屏蔽名单', en: 'Block lists' },
  from: { zh: '发出', en: 'From' },
  to: { zh: '到达', en: 'To' },
  messages: { zh: '被限制的消息', en: 'Limited messages' },
  lastAt: { zh: '最近一次', en: 'Last one' },
  limitsLead: {
    zh: '过去 24 小时内因频率限制而未送达的消息（代码 65）。限制写在协议中。',
    en: 'Messages of the last 24 hours that ended because a rate limit was used up (code 65). The limits are terms of the agreements.',
  },
  toAgreements: { zh: '打开协议', en: 'Open agreements' },
  noLimits: { zh: '没有触及限制', en: 'No limit was reached' },
  noLimitsTeach: {
    zh: '过去 24 小时内没有消息因频率限制而未送达。',
    en: 'In the last 24 hours no message ended because of a rate limit.',
  },
} satisfies TextSet;
