/** How a person's client shows what an account sends. */
import type { Sight } from '../person.js';
import { ApiError } from './codes.js';
import { textOf } from './text-of.js';
import type { Fields } from './xml.js';

export interface Shown {
  kind: Sight['kind'];
  text?: string;
  state?: string;
  /** Id of the attachment, which is also the id of the timeline entry. */
  mediaId?: string;
}

type Part = Record<string, unknown>;

const word = (part: Part, name: string): string => (typeof part[name] === 'string' ? part[name] : '');

function needed(part: Part, name: string, code: number): string {
  const value = word(part, name);
  if (!value) throw new ApiError(code);
  return value;
}

function lines(...parts: string[]): string {
  return parts.filter(Boolean).join('\n');
}

function parts(value: unknown): Part[] {
  return Array.isArray(value)
    ? value.filter((item): item is Part => typeof item === 'object' && item !== null)
    : [];
}

const media =
  (state: string) =>
  (part: Part): Shown => {
    const text = lines(word(part, 'title'), word(part, 'description'));
    return { kind: 'media', state, mediaId: needed(part, 'media_id', 40007), ...(text ? { text } : {}) };
  };

const text = (part: Part): Shown => ({ kind: 'text', text: needed(part, 'content', 44004) });

function news(part: Part): Shown {
  const articles = parts(part['articles']);
  if (articles.length === 0) throw new ApiError(44003);
  const texts = articles.map((article) =>
    lines(word(article, 'title'), word(article, 'description'), word(article, 'url')),
  );
  return { kind: 'link', text: lines(...texts) };
}

const linkOf =
  (...names: string[]) =>
  (part: Part): Shown => ({ kind: 'link', text: lines(...names.map((name) => word(part, name))) });

const card =
  (...names: string[]) =>
  (part: Part): Shown => ({ kind: 'card', text: lines(...names.map((name) => word(part, name))) });

const menu = (part: Part): Shown => ({
  kind: 'text',
  text: lines(
    word(part, 'head_content'),
    ...parts(part['list']).map((item) => word(item, 'content')),
    word(part, 'tail_content'),
  ),
});

const readers: Record<string, (part: Part) => Shown> = {
  text,
  image: media('image'),
  voice: media('voice'),
  video: media('video'),
  file: media('file'),
  music: linkOf('title', 'description', 'musicurl'),
  news,
  mpnews: linkOf('media_id'),
  mpnewsarticle: linkOf('article_id'),
  link: linkOf('title', 'description', 'url'),
  textcard: linkOf('title', 'description', 'url'),
  markdown: text,
  msgmenu: menu,
  card: card('card'),
  wxcard: card('card_id'),
  miniprogrampage: card('title', 'pagepath'),
  miniprogram_notice: card('title', 'description'),
  template_card: card('card_type'),
};

/** @throws ApiError if a required part is missing */
export function shownOfSend(msgtype: string, message: Record<string, unknown>): Shown {
  const part = message[msgtype];
  const read = readers[msgtype];
  if (!read) throw new ApiError(40008);
  return read(typeof part === 'object' && part !== null ? (part as Part) : {});
}

/** The account's direct answer to a push. @returns undefined if the person's client shows nothing */
export function shownOfReply(reply: Fields): Shown | undefined {
  const type = textOf(reply['MsgType']);
  const part = reply[type.charAt(0).toUpperCase() + type.slice(1)];
  const inner = typeof part === 'object' ? part : {};
  if (type === 'text') return { kind: 'text', text: textOf(reply['Content']) };
  if (type === 'news') return { kind: 'link', text: articleText(reply['Articles']) };
  if (type === 'music') return { kind: 'link', text: lines(word(inner, 'Title'), word(inner, 'MusicUrl')) };
  if (type === 'transfer_customer_service') return undefined;
  return { kind: 'media', state: type, mediaId: word(inner, 'MediaId') };
}

function articleText(articles: Fields[string] | undefined): string {
  const items = typeof articles === 'object' ? articles['item'] : undefined;
  return (Array.isArray(items) ? items : [items])
    .filter((item): item is Fields => typeof item === 'object')
    .map((item) => lines(word(item, 'Title'), word(item, 'Description'), word(item, 'Url')))
    .join('\n');
}
