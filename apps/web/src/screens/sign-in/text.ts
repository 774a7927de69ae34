import type { TextSet } from '../../text/text-set';

export const signInTexts = {
  title: { zh: '登录互通', en: 'Sign in to Hutong' },
  lead: {
    zh: '互通让不同即时通信网络的用户互发消息。',
    en: 'Hutong lets people on different messaging networks write to each other.',
  },
  user: { zh: '用户名或邮箱', en: 'Name or mail address' },
  password: { zh: '密码', en: 'Password' },
  code: { zh: '验证码', en: 'Code of the second factor' },
  codeHelp: {
    zh: '请打开您的验证器应用，输入显示的六位数字。没有验证器时，请输入一个恢复码。',
    en: 'Open your authenticator app and enter the six digits that it shows. Without it, enter a recovery code.',
  },
  enrol: { zh: '重新启用第二重验证', en: 'Set up a new second factor' },
  enrolTeach: {
    zh: '两位管理员重置了您的第二重验证。启用新的第二重验证之后，您才能继续。',
    en: 'Two admins have reset your second factor. You can go on when you have set up a new one.',
  },
  signOut: { zh: '退出', en: 'Sign out' },
  needed: { zh: '请填写此项。', en: 'Fill this in.' },
  signIn: { zh: '登录', en: 'Sign in' },
  continue: { zh: '继续', en: 'Continue' },
  back: { zh: '返回', en: 'Back' },
  organisation: { zh: '用单位账号登录', en: 'Sign in with your organisation' },
  'not-proven': {
    zh: '单位的登录没有完成。请重试。',
    en: 'The sign-in of your organisation was not completed. Try again.',
  },
  'not-registered': {
    zh: '单位确认了您的身份，但这里没有登记您的邮箱。请找一位管理员。',
    en: 'Your organisation knows you, but nobody with your mail address is registered here. Ask an admin.',
  },
  'no-role': {
    zh: '单位没有给您这里的角色。请找一位管理员。',
    en: 'Your organisation gives you no role that you have here. Ask an admin.',
  },
  wrong: { zh: '用户名、密码或验证码不正确。', en: 'The name, the password or the code is wrong.' },
} satisfies TextSet;
