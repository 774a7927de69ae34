import type { TextSet } from '../../text/text-set';

export const settingsTexts = {
  title: { zh: '设置', en: 'Settings' },
  lead: {
    zh: '谁可以登录，用什么登录，事件发到哪里？',
    en: 'Who may sign in and with what, and where are events sent?',
  },
  sessions: { zh: '会话与密码', en: 'Sessions and password' },
  secondFactor: { zh: '第二重验证', en: 'Second factor' },
  keys: { zh: 'API 密钥', en: 'API keys' },
  people: { zh: '人员', en: 'People' },
  webhooks: { zh: 'Webhook', en: 'Webhooks' },
  display: { zh: '语言与时区', en: 'Language and time zone' },
} satisfies TextSet;
