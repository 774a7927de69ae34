import type { TextSet } from '../../text/text-set';

/** What networks can show, and people can do. */
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
  call: { zh: '通话', en: 'Call' },
} satisfies TextSet;
