import type { TextSet } from '../../../text/text-set';

/** Fields of a capability document, nested ones with a dot. A field that is not here is shown by its name in the schema. */
export const capabilityTexts = {
  version: { zh: '声明版本', en: 'Version of the declaration' },
  language: { zh: '提示语言', en: 'Language of notices' },
  'media.image.types': { zh: '图片格式', en: 'Types of pictures' },
  'media.image.maxBytes': { zh: '图片上限', en: 'Largest picture' },
  'media.voice.types': { zh: '语音格式', en: 'Types of voice notes' },
  'media.voice.maxBytes': { zh: '语音上限', en: 'Largest voice note' },
  'media.voice.maxMs': { zh: '最长语音', en: 'Longest voice note' },
  'media.video.types': { zh: '视频格式', en: 'Types of videos' },
  'media.video.maxBytes': { zh: '视频上限', en: 'Largest video' },
  'media.video.maxMs': { zh: '最长视频', en: 'Longest video' },
  'media.file.types': { zh: '文件格式', en: 'Types of files' },
  'media.file.maxBytes': { zh: '文件上限', en: 'Largest file' },
  'media.captions': { zh: '附件可带文字', en: 'Text beside an attachment' },
  'media.converts': { zh: '适配器可转换', en: 'Converted by the adapter' },
  avatars: { zh: '头像', en: 'Avatars' },
  originalTime: { zh: '显示迟到消息的原时间', en: 'Shows when a late message was written' },
  degrades: { zh: '适配器自行降级', en: 'The adapter degrades content itself' },
  'lateOutcomes.stages': { zh: '之后报告', en: 'Reported later' },
  'lateOutcomes.withinMs': { zh: '报告期限', en: 'Reported within' },
  ids: { zh: '编号规则', en: 'Id rule' },
  numbersPlus: { zh: '号码带加号', en: 'Numbers with a plus' },
  numbersWithout: { zh: '号码省略的前缀', en: 'Prefix that numbers omit' },
  'limits.textLength': { zh: '文本上限', en: 'Longest text' },
  'limits.textUnits': { zh: '文本上限', en: 'Longest text' },
  'limits.textBytes': { zh: '文本上限', en: 'Longest text' },
  'limits.editAgeMs': { zh: '可修改时限', en: 'Edit within' },
  'limits.recallAgeMs': { zh: '可撤回时限', en: 'Recall within' },
  'limits.reactionsPerPerson': { zh: '每人表情回应上限', en: 'Reactions per person and message' },
  'limits.replyWindowMs': { zh: '回复窗口', en: 'Reply window' },
  'limits.messagesPerWindow': { zh: '窗口内消息上限', en: 'Messages within the reply window' },
} satisfies TextSet;

/** Values that are words of the schema. */
export const valueTexts = {
  true: { zh: '是', en: 'yes' },
  false: { zh: '否', en: 'no' },
  zh: { zh: '中文', en: 'Chinese' },
  en: { zh: '英文', en: 'English' },
  both: { zh: '传出并显示', en: 'passed on and shown' },
  told: { zh: '传出', en: 'passed on' },
  shown: { zh: '显示', en: 'shown' },
  image: { zh: '图片', en: 'pictures' },
  voice: { zh: '语音', en: 'voice notes' },
  delivered: { zh: '已送达', en: 'delivered' },
  read: { zh: '已读', en: 'read' },
  failed: { zh: '失败', en: 'failed' },
  exact: { zh: '逐字区分', en: 'every spelling is another person' },
  'case-insensitive': { zh: '不分大小写', en: 'upper and lower case are the same' },
  jid: { zh: 'XMPP 地址', en: 'XMPP addresses' },
  'user-and-server': { zh: '@用户:服务器', en: '@user:server' },
  number: { zh: '电话号码', en: 'telephone numbers' },
  e164: { zh: '带国家码的电话号码', en: 'telephone numbers with country code' },
} satisfies TextSet;

export const countTexts = {
  graphemes: { zh: '{count} 个字符', en: '{count} characters' },
  units: { zh: '{count} 个 UTF-16 单元', en: '{count} UTF-16 units' },
  bytes: { zh: '{count} 字节（UTF-8）', en: '{count} bytes of UTF-8' },
} satisfies TextSet;
