import type { TextSet } from '../../../text/text-set';

export const peopleTexts = {
  title: { zh: '人员', en: 'People' },
  name: { zh: '姓名', en: 'Name' },
  mail: { zh: '邮箱', en: 'Mail address' },
  mailRule: { zh: '请输入邮箱地址。', en: 'Enter a mail address.' },
  role: { zh: '角色', en: 'Role' },
  roles: { zh: '角色', en: 'Roles' },
  admin: { zh: '管理员', en: 'Admin' },
  operator: { zh: '网络运营方', en: 'Operator of a network' },
  integrator: { zh: '集成商', en: 'Integrator' },
  auditor: { zh: '审计员', en: 'Auditor' },
  network: { zh: '网络', en: 'Network' },
  state: { zh: '状态', en: 'State' },
  active: { zh: '有效', en: 'Active' },
  disabled: { zh: '已停用', en: 'Disabled' },
  createdAt: { zh: '添加于', en: 'Since' },
  steps: { zh: '操作', en: 'Actions' },
  add: { zh: '添加人员', en: 'Add a person' },
  addEffect: {
    zh: '您提议，另一位管理员批准后此人才能使用。用单位账号登录的人只需邮箱相同。',
    en: 'You propose; the person is there when another admin approves. Who signs in with the organisation needs the same mail address, and nothing else.',
  },
  firstKey: { zh: '首个密钥', en: 'first key' },
  sha256: { zh: '首个密钥的 SHA-256（可选）', en: 'SHA-256 of a first key (optional)' },
  sha256Help: {
    zh: '由本人生成密钥，只告诉您散列值，这样只有本人拥有密钥。本人运行：',
    en: 'The person makes the key and tells you its hash only, so that nobody else has the key. The person runs:',
  },
  sha256Rule: { zh: '64 个小写十六进制字符', en: '64 hexadecimal digits in lower case' },
  propose: { zh: '提议', en: 'Propose' },
  rolesEffect: {
    zh: '另一位管理员批准后生效。失去的角色所对应的密钥将被吊销。',
    en: 'It takes effect when another admin approves. Keys with a role that the person loses are revoked.',
  },
  disable: { zh: '停用', en: 'Disable' },
  disableEffect: {
    zh: '此人的所有密钥和会话立即失效。停用另一位管理员需要第二人批准。',
    en: 'All keys and sessions of the person are refused at once. To disable another admin, a second person must approve.',
  },
  none: { zh: '没有人员', en: 'No people' },
  noneTeach: {
    zh: '管理员提议新人员，另一位管理员批准。',
    en: 'An admin proposes a person, and another one approves.',
  },
  needed: { zh: '请填写此项。', en: 'Fill this in.' },
} satisfies TextSet;
