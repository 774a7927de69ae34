/** What a client has seen, as events of the wall. Pure. */
import type { Seen } from '#phones';
import type { Body, CallState, ChatKey, PhoneId, WallEvent } from '../shared/events.js';

export interface Context {
  phone: PhoneId;
  chat: ChatKey;
  name: string;
  at: number;
  /** Number under which the content of an attachment can be fetched. */
  content: number;
  /** Reactions of this network replace the earlier ones of the same person. */
  reactionsReplace: boolean;
}

const AVAILABLE = new Set(['available', 'online', 'chat', '400']);
/** A location of clients that write it as a text (RFC 5870). */
const GEO = /^geo:-?\d+(\.\d+)?,-?\d+/;
const CALL_STATES: readonly CallState[] = ['incoming', 'outgoing', 'ringing', 'talking', 'over'];
const OFFLINE = new Set(['offline', 'unavailable-forever', '0', '-1']);

/** @returns undefined for what the wall does not show */
export function eventOf(seen: Seen, context: Context): WallEvent | undefined {
  const { kind } = seen;
  return kind === 'call' ? called(seen, context) : shown(kind, seen, context);
}

function shown(kind: Exclude<Seen['kind'], 'call'>, seen: Seen, context: Context): WallEvent | undefined {
  const { phone, chat, name, at, reactionsReplace: all } = context;
  const { id, target = '', text = '' } = seen;
  const where = { phone, chat };
  switch (kind) {
    case 'text':
    case 'notice':
    case 'media':
    case 'location':
    case 'card':
      return arrived(seen, context);
    case 'edit':
      return { type: 'changed', ...where, target, change: { do: 'edit', text } };
    case 'recall':
      return { type: 'changed', ...where, target, change: { do: 'recall' } };
    case 'reaction':
      return {
        type: 'changed',
        ...where,
        target,
        id,
        change: { do: 'react', emoji: seen.emoji ?? [], mine: false, all },
      };
    case 'delivered':
    case 'read':
      return { type: 'mark', ...where, target, state: kind };
    case 'typing':
      return { type: 'typing', ...where, on: isTyping(seen), at };
    case 'presence':
      return { type: 'presence', ...where, state: presenceOf(seen), mood: text };
    case 'error':
      return { type: 'failed', ...where, target: target === '' ? id : target, why: text };
    case 'subscribe':
      return { type: 'asked', ...where, name };
    case 'subscribed':
    case 'unsubscribed':
      return { type: 'contact', ...where, is: kind === 'subscribed' };
    case 'invited':
      return undefined;
  }
}

function called({ state, text: why = '' }: Seen, { phone, chat, name, at }: Context): WallEvent {
  const known = CALL_STATES.find((one) => one === state) ?? 'over';
  return { type: 'call', phone, chat, name, at, state: known, why };
}

function arrived(seen: Seen, context: Context): WallEvent {
  const { phone, chat, name, at } = context;
  const { id, target = '' } = seen;
  const quote = seen.quote?.replace(/^> ?/gm, '').trim();
  return {
    type: 'arrived',
    phone,
    at: timeOf(seen) ?? at,
    chat,
    name,
    id,
    body: bodyOf(seen, context),
    ...(target === '' ? {} : { reply: target }),
    ...(quote ? { quote } : {}),
  };
}

function timeOf({ since }: Seen): number | undefined {
  const at = Date.parse(since ?? '');
  return Number.isNaN(at) ? undefined : at;
}

function isTyping({ state }: Seen): boolean {
  return state === undefined || state === 'composing';
}

function presenceOf({ state = '' }: Seen): 'available' | 'away' | 'offline' {
  if (AVAILABLE.has(state)) return 'available';
  return OFFLINE.has(state) || state === '' ? 'offline' : 'away';
}

function bodyOf(seen: Seen, { content }: Context): Body {
  const { kind, text = '', media, state = '' } = seen;
  if (kind === 'media' && media) {
    const what = familyOf(media.type ?? '', state, media.name ?? '');
    const { name = what, seconds } = media;
    return { kind: 'media', what, name, content, ...(seconds === undefined ? {} : { seconds }) };
  }
  if (kind === 'location' || GEO.test(text)) return { kind: 'place', text };
  if (kind === 'card') return { kind: 'card', text };
  if (kind === 'notice') return { kind: 'notice', text };
  return { kind: 'text', text };
}

/** @param state how the network names the kind: `image`, `m.audio`, `voice` ... */
export function familyOf(type: string, state: string, name: string): 'image' | 'voice' | 'video' | 'file' {
  const said = `${state} ${type}`;
  if (/\b(image|sticker)\b/.test(said)) return 'image';
  if (/\b(audio|voice)\b/.test(said)) return 'voice';
  if (/\bvideo\b/.test(said)) return 'video';
  if (/\bfile\b/.test(state)) return 'file';
  if (/\.(jpe?g|png|gif|webp)$/i.test(name)) return 'image';
  return /\.(ogg|oga|amr|mp3|m4a)$/i.test(name) ? 'voice' : 'file';
}
