/** The words that stand, in the language of a network, for what it cannot show. */
import type { Capabilities } from './capabilities.js';
import { isSuccess, RESULTS, type ResultCode } from './results.js';

export interface Phrases {
  edited: (text: string) => string;
  recalled: string;
  reacted: (emoji: string) => string;
  unreacted: string;
  replied: (text: string) => string;
  sticker: (meaning: string | undefined) => string;
  location: (label: string | undefined, link: string) => string;
  card: (name: string, contact: string | undefined) => string;
  media: (kind: MediaKind, name: string | undefined) => string;
}

export type MediaKind = 'image' | 'audio' | 'video' | 'file';

const MEDIA_EN: Record<MediaKind, string> = {
  image: 'picture',
  audio: 'voice message',
  video: 'video',
  file: 'file',
};
const MEDIA_ZH: Record<MediaKind, string> = { image: '图片', audio: '语音', video: '视频', file: '文件' };

export const PHRASES: Record<Capabilities['language'], Phrases> = {
  en: {
    edited: (text) => `(edited) ${text}`,
    recalled: '(recalled an earlier message)',
    reacted: (emoji) => `(reacted ${emoji})`,
    unreacted: '(took back a reaction)',
    replied: (text) => `(reply) ${text}`,
    sticker: (meaning) => `(sticker${meaning ? `: ${meaning}` : ''})`,
    location: (label, link) => `(location${label ? `: ${label}` : ''}) ${link}`,
    card: (name, contact) => `(contact: ${name}${contact ? `, ${contact}` : ''})`,
    media: (kind, name) => `(${MEDIA_EN[kind]}${name ? `: ${name}` : ''}, not carried to this network)`,
  },
  zh: {
    edited: (text) => `（已修改）${text}`,
    recalled: '（撤回了一条消息）',
    reacted: (emoji) => `（回应了 ${emoji}）`,
    unreacted: '（取消了回应）',
    replied: (text) => `（回复）${text}`,
    sticker: (meaning) => `（表情${meaning ? `：${meaning}` : ''}）`,
    location: (label, link) => `（位置${label ? `：${label}` : ''}）${link}`,
    card: (name, contact) => `（名片：${name}${contact ? `，${contact}` : ''}）`,
    media: (kind, name) => `（${MEDIA_ZH[kind]}${name ? `：${name}` : ''}，本网络暂不支持）`,
  },
};

export function mediaKindOf(contentType: string): MediaKind {
  const [kind] = contentType.split('/');
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}

/** What became of a person's message, told to him in a line. */
export function reportWords(code: ResultCode, language: Capabilities['language']): string {
  const words = RESULTS[code].subscriber[language];
  if (isSuccess(code)) return `ℹ ${words}`;
  return language === 'zh' ? `⚠ 未送达：${words}（${code}）` : `⚠ Not delivered: ${words} (${code})`;
}
