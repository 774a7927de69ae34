import type { TextSet } from '../../../text/text-set';

export const sessionTexts = {
  sessions: { zh: '我的会话', en: 'My sessions' },
  agent: { zh: '浏览器', en: 'Browser' },
  current: { zh: '当前', en: 'This one' },
  address: { zh: '登录地址', en: 'Signed in from' },
  method: { zh: '登录方式', en: 'Signed in with' },
  password: { zh: '密码', en: 'Password' },
  'password-and-code': { zh: '密码与验证码', en: 'Password and code' },
  'password-and-recovery-code': { zh: '密码与恢复码', en: 'Password and recovery code' },
  oidc: { zh: '单位账号', en: 'Organisation' },
  startedAt: { zh: '登录时间', en: 'Since' },
  seenAt: { zh: '最近使用', en: 'Last used' },
  expiresAt: { zh: '到期', en: 'Ends' },
  end: { zh: '结束', en: 'End' },
  endOthers: { zh: '结束其他所有会话', en: 'End all other sessions' },
  none: { zh: '没有会话', en: 'No sessions' },
  noneTeach: { zh: '登录后，会话会出现在这里。', en: 'A session appears here when you sign in.' },
  hasPassword: {
    zh: '您用密码登录。更改密码会结束您的其他会话。',
    en: 'You sign in with a password. Changing it ends your other sessions.',
  },
  noPassword: {
    zh: '您没有密码。首个密码需用 API 密钥设置：PUT /v1/me/password（docs/administration.md）。',
    en: 'You have no password. The first one is set with an API key: PUT /v1/me/password (docs/administration.md).',
  },
  changePassword: { zh: '更改密码', en: 'Change password' },
  changeEffect: { zh: '您的其他会话将结束。', en: 'Your other sessions end.' },
  currentPassword: { zh: '当前密码', en: 'Present password' },
  newPassword: { zh: '新密码', en: 'New password' },
  passwordRule: {
    zh: '至少 12 个字符，且不能是姓名或邮箱。',
    en: 'At least 12 characters, and not your name or mail address.',
  },
  code: { zh: '验证器上的六位数字', en: 'Six digits of your authenticator' },
  needed: { zh: '请填写此项。', en: 'Fill this in.' },
} satisfies TextSet;
