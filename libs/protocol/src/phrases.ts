/** Texts, in the language of a network, that replace content which the network cannot show. */
import type { Capabilities } from './capabilities.js';
import type { MediaFailure } from './content.js';
import type { MediaKind } from './attachments.js';
import { isSuccess, RESULTS, type ResultCode } from './results.js';

export interface Phrases {
  edited: (text: string) => string;
  recalled: string;
  /** An edit removed the caption of a picture and kept the picture. */
  wordsRemoved: string;
  /** Replaces a native message that an edited text no longer needs, on networks without recall. */
  pieceRemoved: string;
  /** Prefix of a message that arrives long after it was written. */
  sentEarlier: (sentAt: Date, now: Date) => string;
  reacted: (emoji: string) => string;
  unreacted: string;
  replied: (text: string) => string;
  sticker: (meaning: string | undefined) => string;
  location: (label: string | undefined, link: string) => string;
  card: (name: string, contact: string | undefined) => string;
  media: (kind: MediaKind, name: string | undefined, why: MediaFailure) => string;
  /** Text of an attachment on networks where a bot account must name the author before it. */
  mediaComes: (kind: MediaKind) => string;
  mediaLink: (kind: MediaKind, name: string | undefined, link: string) => string;
  /** Prefix and suffix of text that its author hid as a spoiler. */
  spoiler: (reason: string | undefined) => [before: string, after: string];
  poll: (question: string, options: string[]) => string;
  /** @param choices empty if the network does not say what was chosen */
  pollAnswer: (choices: string[]) => string;
  pollEnd: (result: string | undefined) => string;
  /** @param link where the call can be joined, if the caller's network gives one */
  call: (kind: 'voice' | 'video' | undefined, link: string | undefined) => string;
  /** To the callee. @param link of the call page */
  callComes: (kind: 'voice' | 'video', link: string) => string;
  /** To the caller, as from the callee: the call begins when the link is opened. */
  callBegins: (kind: 'voice' | 'video', link: string) => string;
  /** To the callee, after a call that nobody answered. */
  callMissed: string;
  /** To the caller. */
  callNotAnswered: string;
  callDeclined: string;
  /** To the caller. */
  callNotBegun: string;
  /** To the caller, whom their network called back. */
  callbackNotAnswered: string;
  liveLocation: (label: string | undefined) => string;
  liveLocationEnd: string;
  subject: (text: string) => string;
  roomName: (name: string) => string;
  roomPicture: string;
  pinned: string;
  unpinned: string;
  /** Native content without a canonical form: `what` is the name that its network uses, `words` its text. */
  notShown: (what: string, words: string) => string;
}

const MEDIA_EN: Record<MediaKind, string> = {
  image: 'picture',
  voice: 'voice message',
  video: 'video',
  file: 'file',
};
const MEDIA_ZH: Record<MediaKind, string> = { image: '图片', voice: '语音', video: '视频', file: '文件' };

const WHY_EN: Record<MediaFailure, string> = {
  '105': 'too large for this network',
  '106': 'not supported by this network',
  '107': 'no longer there',
  '108': 'damaged during transfer',
};
const WHY_ZH: Record<MediaFailure, string> = {
  '105': '超出本网络的大小限制',
  '106': '本网络暂不支持',
  '107': '文件已失效',
  '108': '文件传输中损坏',
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Beijing time is UTC+8 all year. */
const BEIJING_MS = 8 * HOUR_MS;

function agoEn(ms: number): string {
  const [count, unit] = age(ms, ['minute', 'hour', 'day']);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

function agoZh(ms: number): string {
  const [count, unit] = age(ms, ['分钟', '小时', '天']);
  return `${count}${unit}`;
}

/** The age in the largest unit that gives at least 1, rounded to the nearest number. */
function age(
  ms: number,
  [minute, hour, day]: [minute: string, hour: string, day: string],
): [count: number, unit: string] {
  if (ms >= DAY_MS) return [Math.round(ms / DAY_MS), day];
  if (ms >= HOUR_MS) return [Math.round(ms / HOUR_MS), hour];
  return [Math.max(1, Math.round(ms / MINUTE_MS)), minute];
}

/** `2026-11-28 12:20`. */
function utc(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}

function numbered(option: string, index: number): string {
  return `${index + 1}. ${option}`;
}

export const PHRASES: Record<Capabilities['language'], Phrases> = {
  en: {
    edited: (text) => `(edited) ${text}`,
    recalled: '(recalled an earlier message)',
    wordsRemoved: '(removed the text of an earlier message)',
    pieceRemoved: '(removed)',
    sentEarlier: (sentAt, now) => `(sent ${agoEn(now.getTime() - sentAt.getTime())}, ${utc(sentAt)} UTC)`,
    reacted: (emoji) => `(reacted ${emoji})`,
    unreacted: '(took back a reaction)',
    replied: (text) => `(reply) ${text}`,
    sticker: (meaning) => `(sticker${meaning ? `: ${meaning}` : ''})`,
    location: (label, link) => `(location${label ? `: ${label}` : ''}) ${link}`,
    card: (name, contact) => `(contact: ${name}${contact ? `, ${contact}` : ''})`,
    media: (kind, name, why) => `(${MEDIA_EN[kind]}${name ? `: ${name}` : ''}; ${WHY_EN[why]})`,
    mediaComes: (kind) => `(${MEDIA_EN[kind]})`,
    spoiler: (reason) => [`(spoiler${reason ? `, ${reason}` : ''}: `, ')'],
    mediaLink: (kind, name, link) => `(${MEDIA_EN[kind]}${name ? `: ${name}` : ''}) ${link}`,
    poll: (question, options) => [`(sent a poll: ${question})`, ...options.map(numbered)].join('\n'),
    pollAnswer: (choices) => `(answered the poll${choices.length > 0 ? `: ${choices.join(', ')}` : ''})`,
    pollEnd: (result) => `(closed the poll${result ? `: ${result}` : ''})`,
    call: (kind, link) => `(tried to call: ${kind ? `${kind} call` : 'call'})${link ? ` ${link}` : ''}`,
    callComes: (kind, link) => `(${kind} call) To answer, open ${link}`,
    callBegins: (kind, link) => `(${kind} call) To talk, open ${link}`,
    callMissed: '(missed call)',
    callNotAnswered: '(did not answer the call)',
    callDeclined: '(declined the call)',
    callNotBegun: '(the call did not begin: its link was not opened)',
    callbackNotAnswered: '(the call did not begin: you did not answer when you were called back)',
    liveLocation: (label) => `(shares their live location${label ? `: ${label}` : ''})`,
    liveLocationEnd: '(stopped sharing their live location)',
    subject: (text) => `(subject: ${text})`,
    roomName: (name) => `(named the chat: ${name})`,
    roomPicture: '(changed the picture of the chat)',
    pinned: '(pinned a message)',
    unpinned: '(unpinned a message)',
    notShown: (what, words) =>
      `(sent something that cannot be shown here: ${what})${words ? ` ${words}` : ''}`,
  },
  zh: {
    edited: (text) => `（已修改）${text}`,
    recalled: '（撤回了一条消息）',
    wordsRemoved: '（删除了一条消息的文字）',
    pieceRemoved: '（已删除）',
    sentEarlier: (sentAt, now) =>
      `（${agoZh(now.getTime() - sentAt.getTime())}前发送，北京时间 ${utc(new Date(sentAt.getTime() + BEIJING_MS))}）`,
    reacted: (emoji) => `（回应了 ${emoji}）`,
    unreacted: '（取消了回应）',
    replied: (text) => `（回复）${text}`,
    sticker: (meaning) => `（表情${meaning ? `：${meaning}` : ''}）`,
    location: (label, link) => `（位置${label ? `：${label}` : ''}）${link}`,
    card: (name, contact) => `（名片：${name}${contact ? `，${contact}` : ''}）`,
    media: (kind, name, why) => `（${MEDIA_ZH[kind]}${name ? `：${name}` : ''}，${WHY_ZH[why]}）`,
    mediaComes: (kind) => `（${MEDIA_ZH[kind]}）`,
    spoiler: (reason) => [`（剧透${reason ? `，${reason}` : ''}：`, '）'],
    mediaLink: (kind, name, link) => `（${MEDIA_ZH[kind]}${name ? `：${name}` : ''}）${link}`,
    poll: (question, options) => [`（发起了投票：${question}）`, ...options.map(numbered)].join('\n'),
    pollAnswer: (choices) => `（参与了投票${choices.length > 0 ? `：${choices.join('、')}` : ''}）`,
    pollEnd: (result) => `（结束了投票${result ? `：${result}` : ''}）`,
    call: (kind, link) =>
      `（发起了${kind === 'voice' ? '语音' : kind === 'video' ? '视频' : ''}通话）${link ? ` ${link}` : ''}`,
    callComes: (kind, link) => `（${kind === 'voice' ? '语音' : '视频'}通话）接听请打开 ${link}`,
    callBegins: (kind, link) => `（${kind === 'voice' ? '语音' : '视频'}通话）通话请打开 ${link}`,
    callMissed: '（未接来电）',
    callNotAnswered: '（未接听通话）',
    callDeclined: '（拒绝了通话）',
    callNotBegun: '（通话未开始：未打开链接）',
    callbackNotAnswered: '（通话未开始：未接听回拨）',
    liveLocation: (label) => `（分享了实时位置${label ? `：${label}` : ''}）`,
    liveLocationEnd: '（停止了实时位置共享）',
    subject: (text) => `（主题：${text}）`,
    roomName: (name) => `（将聊天命名为：${name}）`,
    roomPicture: '（更换了聊天图片）',
    pinned: '（置顶了一条消息）',
    unpinned: '（取消了一条消息的置顶）',
    notShown: (what, words) => `（发送了无法在此显示的内容：${what}）${words}`,
  },
};

/** One line that tells a sender what happened to their message. */
export function reportWords(code: ResultCode, language: Capabilities['language']): string {
  const words = RESULTS[code].subscriber[language];
  if (isSuccess(code)) return `ℹ ${words}`;
  return language === 'zh' ? `⚠ 未送达：${words}（${code}）` : `⚠ Not delivered: ${words} (${code})`;
}
