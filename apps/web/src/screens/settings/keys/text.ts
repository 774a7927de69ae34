import type { TextSet } from '../../../text/text-set';

export const keyTexts = {
  title: { zh: 'API 密钥', en: 'API keys' },
  name: { zh: '名称', en: 'Name' },
  nameHelp: { zh: '用途，便于区分。', en: 'Its purpose, so that people can tell keys apart.' },
  mine: { zh: '我的', en: 'mine' },
  role: { zh: '角色', en: 'Role' },
  admin: { zh: '管理员', en: 'Admin' },
  operator: { zh: '运营方', en: 'Operator' },
  integrator: { zh: '集成商', en: 'Integrator' },
  auditor: { zh: '审计员（只读）', en: 'Auditor (reads only)' },
  network: { zh: '网络', en: 'Network' },
  prefix: { zh: '开头', en: 'Begins with' },
  reason: { zh: '理由', en: 'Reason' },
  expiresAt: { zh: '到期', en: 'Expires' },
  never: { zh: '永不（来自设置）', en: 'Never (of the settings)' },
  lastUsedAt: { zh: '最近使用', en: 'Last used' },
  unused: { zh: '从未', en: 'Never' },
  days: { zh: '有效天数（1 至 365）', en: 'Valid for days (1 to 365)' },
  newKey: { zh: '新密钥', en: 'New key' },
  make: { zh: '生成', en: 'Make it' },
  revoke: { zh: '吊销', en: 'Revoke' },
  revokeEffect: {
    zh: '立即失效，用它签发的密钥也一并失效。吊销另一位管理员的密钥需要第二人批准。',
    en: 'It is refused at once, and so are keys that were made with it. For a key of another admin a second person must approve.',
  },
  none: { zh: '没有密钥', en: 'No keys' },
  noneTeach: {
    zh: '程序用密钥调用 API。密钥只显示一次，并会到期。',
    en: 'Programs call the API with a key. It is shown once, and it expires.',
  },
  needed: { zh: '请填写此项。', en: 'Fill this in.' },
} satisfies TextSet;
