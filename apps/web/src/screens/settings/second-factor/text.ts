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
    zh: '如果丢失了验证器：用恢复码登录。没有恢复码时，两位管理员可以重置您的第二重验证。',
    en: 'If you lose the authenticator, sign in with a recovery code. Without one, two admins can reset your second factor.',
  },
  offer: { zh: '启用第二重验证', en: 'Set up a second factor' },
  remove: { zh: '停用第二重验证', en: 'Remove the second factor' },
  removeEffect: {
    zh: '之后只需密码即可登录。',
    en: 'From then on the password alone is enough to sign in.',
  },
  password: { zh: '密码', en: 'Password' },
  code: { zh: '验证器上的六位数字', en: 'Six digits of your authenticator' },
  anyCode: {
    zh: '验证器上的六位数字，或恢复码',
    en: 'Six digits of your authenticator, or a recovery code',
  },
  codesLeft: {
    zh: '还有 {left, number} 个未使用的恢复码。',
    en: '{left, plural, =0 {No recovery codes are left.} one {One recovery code is left.} other {# recovery codes are left.}}',
  },
  codes: { zh: '生成新的恢复码', en: 'Make new recovery codes' },
  codesEffect: {
    zh: '以前的恢复码将失效。',
    en: 'The recovery codes that you have are accepted no more.',
  },
  recoveryCodes: { zh: '恢复码', en: 'Recovery codes' },
  recoveryCodesTeach: {
    zh: '没有验证器时用恢复码登录，每个只能用一次。请把它们保存在验证器以外的地方。',
    en: 'With a recovery code you sign in without the authenticator. Each is accepted once. Keep them somewhere else than on the device of the authenticator.',
  },
  codeRule: { zh: '请输入六位数字。', en: 'Enter six digits.' },
  needed: { zh: '请填写此项。', en: 'Fill this in.' },
  qrCode: { zh: '验证器扫描的二维码', en: 'QR code for the authenticator' },
  step1: { zh: '在验证器应用中扫描二维码，', en: 'Scan the code with your authenticator app,' },
  step2: { zh: '或输入密钥：', en: 'or type the secret:' },
  step3: { zh: '然后输入它显示的验证码。', en: 'Then enter the code that it shows.' },
  confirm: { zh: '确认', en: 'Confirm' },
} satisfies TextSet;
