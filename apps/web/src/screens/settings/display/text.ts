import type { TextSet } from '../../../text/text-set';

export const displayTexts = {
  title: { zh: '语言与时区', en: 'Language and time zone' },
  here: { zh: '对此浏览器立即生效。', en: 'Applies to this browser at once.' },
  account: {
    zh: '您的账户使用：{language}，{zone}。',
    en: 'Your account has: {language}, {zone}.',
  },
  zh: { zh: '中文', en: 'Chinese' },
  en: { zh: '英语', en: 'English' },
  keep: { zh: '保存到账户', en: 'Keep for my account' },
  take: { zh: '采用账户的设置', en: 'Use those of my account' },
  kept: { zh: '与您账户的设置相同。', en: 'These are the settings of your account.' },
} satisfies TextSet;
