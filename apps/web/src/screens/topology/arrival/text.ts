import type { TextSet } from '../../../text/text-set';

/** In which form a feature arrives. */
export const formTexts = {
  absent: { zh: '来源网络没有', en: 'the sender’s network has none' },
  unchanged: { zh: '原样', en: 'unchanged' },
  partly: { zh: '部分', en: 'partly' },
  'plain-text': { zh: '纯文本', en: 'plain text' },
  words: { zh: '文字', en: 'as text' },
  'not-shown': { zh: '不显示', en: 'not shown' },
  dropped: { zh: '省略', en: 'left out' },
  refused: { zh: '拒绝（12）', en: 'refused (12)' },
} satisfies TextSet;
