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
  party: { zh: '集成商名称', en: 'Name of the integrator' },
  partyHelp: {
    zh: '与资费中的名称一致。此人只能读取该集成商的账单、调整和付款。',
    en: 'As tariffs name it. The person reads the statements, adjustments and payments of this integrator, and nothing else.',
  },
  partyRule: {
    zh: '小写字母开头，最多 31 个小写字母、数字或连字符',
    en: 'Up to 31 lower-case letters, digits or hyphens; begins with a letter',
  },
  propose: { zh: '提议', en: 'Propose' },
  rolesEffect: {
    zh: '另一位管理员批准后生效。失去的角色所对应的密钥将被吊销。',
    en: 'It takes effect when another admin approves. Keys with a role that the person loses are revoked.',
  },
  resetFactor: { zh: '重置第二重验证', en: 'Reset second factor' },
  resetFactorEffect: {
    zh: '请先确认此人的身份。另一位管理员批准后，此人的所有会话结束，下次用密码登录时必须重新启用第二重验证。',
    en: 'Make sure first that it is this person who asks. When another admin approves, all sessions of the person end, and at the next sign-in with the password the person sets up a new second factor.',
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
