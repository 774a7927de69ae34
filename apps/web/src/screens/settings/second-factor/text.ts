import type { TextSet } from '../../../text/text-set';

export const secondFactorTexts = {
  title: { zh: '第二重验证', en: 'Second factor' },
  noPassword: {
    zh: '您不用密码登录：第二重验证由您单位的登录系统负责。',
    en: 'You do not sign in with a password: the sign-in of your organisation asks for the second factor.',
  },
  on: {
    zh: '已启用：登录时需要验证器的验证码。',
    en: 'It is on: signing in needs a code of your authenticator.',
  },
  off: {
    zh: '启用后，只知道密码的人无法登录。您需要一个验证器应用（TOTP）。',
    en: 'With it, somebody who knows your password alone cannot sign in. You need an authenticator app (TOTP).',
  },
  recovery: {
    zh: '如果丢失了验证器：请一位管理员停用您，再由两位管理员重新添加您。因此请在两台设备上保存密钥。',
    en: 'If you lose the authenticator, an admin disables you, and two admins add you again. Keep the secret on two devices, therefore.',
  },
  setUp: { zh: '启用第二重验证', en: 'Set up a second factor' },
  remove: { zh: '停用第二重验证', en: 'Remove the second factor' },
  removeEffect: {
    zh: '之后只需密码即可登录。',
    en: 'From then on the password alone is enough to sign in.',
  },
  password: { zh: '密码', en: 'Password' },
  code: { zh: '验证器上的六位数字', en: 'Six digits of your authenticator' },
  codeRule: { zh: '请输入六位数字。', en: 'Enter six digits.' },
  needed: { zh: '请填写此项。', en: 'Fill this in.' },
  qrCode: { zh: '验证器扫描的二维码', en: 'QR code for the authenticator' },
  step1: { zh: '在验证器应用中扫描二维码，', en: 'Scan the code with your authenticator app,' },
  step2: { zh: '或输入密钥：', en: 'or type the secret:' },
  step3: { zh: '然后输入它显示的验证码。', en: 'Then enter the code that it shows.' },
  confirm: { zh: '确认', en: 'Confirm' },
} satisfies TextSet;
