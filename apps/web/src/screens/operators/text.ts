import type { TextSet } from '../../text/text-set';

export const operatorTexts = {
  title: { zh: '运营方', en: 'Operators' },
  lead: {
    zh: '哪个单位运营哪些网络？如何联系？',
    en: 'Which organisation runs which networks, and how is it reached?',
  },
  none: { zh: '还没有运营方', en: 'No operators yet' },
  noneTeach: {
    zh: '运营方是运行网络的单位。管理员登记它，然后把网络归到它名下。',
    en: 'An operator is the organisation that runs a network. An admin registers it and then assigns networks to it.',
  },
  id: { zh: '编号', en: 'Id' },
  name: { zh: '名称', en: 'Name' },
  contact: { zh: '联系方式', en: 'Contact' },
  networks: { zh: '网络', en: 'Networks' },
  since: { zh: '登记于', en: 'Since' },
} satisfies TextSet;
