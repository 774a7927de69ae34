import type { TextSet } from '../../../text/text-set';

export const hitTexts = {
  message: { zh: '消息', en: 'Message' },
  address: { zh: '地址', en: 'Address' },
  number: { zh: '号码', en: 'Number' },
  network: { zh: '网络', en: 'Network' },
  operator: { zh: '运营方', en: 'Operator' },
  businessDay: { zh: '营业日', en: 'Business day' },
  statement: { zh: '结算单', en: 'Statement' },
  deadLetter: { zh: '死信', en: 'Dead letter' },
  change: { zh: '变更', en: 'Change' },
  dispute: { zh: '争议', en: 'Dispute' },
  agreement: { zh: '协议', en: 'Agreement' },
  person: { zh: '人员', en: 'Person' },
} satisfies TextSet;
