import type { TextSet } from '../../../text/text-set';

/** How the switch found the network, as the trace says it. The English text is what the API gives. */
export const resolutionTexts = {
  ported: { zh: '号码：已携号转网', en: 'number: ported' },
  preferred: { zh: '号码：用户首选的网络', en: 'number: preferred network of the person' },
  own: { zh: '号码：最长号段所属的网络', en: 'number: its own network, by the longest prefix' },
  rcs: { zh: '号码：按 5G 消息发送', en: 'number: as 5G message' },
  sms: { zh: '号码：按短信发送', en: 'number: as SMS' },
  voice: { zh: '号码：打电话', en: 'number: by a telephone call' },
  domain: { zh: '网络的另一名称', en: 'another name of the network' },
} satisfies TextSet;

/** What a destination got instead of what it cannot show. The English text is what the API gives. */
export const ruleTexts = {
  replyInWords: { zh: '以文字说明是回复', en: 'said in words that it is one' },
  mapLink: { zh: '地图链接', en: 'a link to a map' },
  unreadablePlace: { zh: '无法读取', en: 'it could not be read' },
  cardInWords: { zh: '以文字显示姓名和号码', en: 'name and number as words' },
  plainText: { zh: '纯文本', en: 'plain text' },
  placeholder: { zh: '以文字代替', en: 'words in its place' },
  link: { zh: '以链接代替', en: 'a link to it' },
  asFile: { zh: '作为文件发送', en: 'as a file' },
  unconvertedFile: { zh: '无法转换，作为文件发送', en: 'as a file, since it could not be converted' },
  smaller: { zh: '已缩小', en: 'made smaller' },
  changeInWords: { zh: '以文字发送', en: 'sent as words' },
  noNativeId: {
    zh: '该网络没有给出可供修改的编号，以文字发送',
    en: 'the network gave no id to change it by, sent as words',
  },
  tooOld: { zh: '消息过旧无法修改，以文字发送', en: 'too old to change, sent as words' },
  sentAgain: { zh: '媒体无法替换，已重新发送', en: 'media cannot be exchanged, sent again' },
} satisfies TextSet;

export const detailTexts = {
  converted: { zh: '已转换为 {type}', en: 'turned into {type}' },
  lost: { zh: '{feature}：{rule}', en: '{feature}: {rule}' },
} satisfies TextSet;
