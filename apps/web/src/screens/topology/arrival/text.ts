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

export const featureTexts = {
  text: { zh: '文字', en: 'Text' },
  formatting: { zh: '格式', en: 'Formatting' },
  reply: { zh: '回复', en: 'Reply' },
  edit: { zh: '修改', en: 'Edit' },
  recall: { zh: '撤回', en: 'Recall' },
  reaction: { zh: '表情回应', en: 'Reaction' },
  delivered: { zh: '送达回执', en: 'Delivery receipt' },
  read: { zh: '已读回执', en: 'Read receipt' },
  typing: { zh: '正在输入', en: 'Typing' },
  presence: { zh: '在线状态', en: 'Presence' },
  contact: { zh: '联系人', en: 'Contacts' },
  media: { zh: '图片与文件', en: 'Pictures and files' },
  sticker: { zh: '贴图', en: 'Sticker' },
  location: { zh: '位置', en: 'Location' },
  card: { zh: '名片', en: 'Card' },
} satisfies TextSet;
