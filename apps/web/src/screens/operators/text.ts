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
  register: { zh: '登记运营方', en: 'Register an operator' },
  registerEffect: {
    zh: '随后可把网络归到它名下，并为其人员登记账户。',
    en: 'Networks can then be assigned to it, and its people get accounts.',
  },
  editColumn: { zh: '更改', en: 'Change' },
  edit: { zh: '更改 {id}', en: 'Change {id}' },
  editEffect: { zh: '它的网络不变。', en: 'Its networks stay as they are.' },
  save: { zh: '保存', en: 'Save' },
  idHelp: {
    zh: '小写字母、数字和连字符，例如 cmcc；以后不能更改。',
    en: 'Small letters, digits and dashes, such as cmcc. It cannot be changed later.',
  },
  contactHelp: {
    zh: '出事故时联系的电话或邮箱。',
    en: 'Telephone number or mail address for incidents.',
  },
  missing: { zh: '请填写。', en: 'Enter a value.' },
} satisfies TextSet;
