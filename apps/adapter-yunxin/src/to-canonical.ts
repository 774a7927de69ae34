/**
 * Translates a message copy of Yunxin into an act of its sender. Pure. Only the sender and the recipient are required
 * fields. A message of an unknown type to a ghost becomes text.
 */
import { createHash } from 'node:crypto';
import type { NativeAttachment } from '#adapter-kit';
import { parseJson, locationPart, PHRASES, plainText, type LeafPart } from '#protocol';

export const GHOST_PREFIX = 'hutong_';

const EMPTY_PART: LeafPart = { kind: 'null', disposition: 'unspecified' };

/** Copies without content for remote networks. An application copies all acts of its users, also those among them. */
export type Ignored =
  /** Test request of Yunxin's console. */
  | 'probe'
  | 'login'
  | 'own-ghost'
  | 'own-people'
  /** Custom notifications between clients, such as typing: they are not messages. */
  | 'signal';

export type YunxinAct =
  | {
      act: 'message';
      id: string;
      from: string;
      nick: string | undefined;
      to: string;
      sentAt: Date;
      part: LeafPart;
      medium?: NativeAttachment;
    }
  | { act: 'ignored'; why: Ignored }
  /** Possibly a message to a remote person, but without a valid sender or recipient. */
  | { act: 'lost'; kind: 'unreadable' | 'event-type' | 'team-message'; why: string };

const NAMES = [
  'eventType',
  'convType',
  'to',
  'fromAccount',
  'fromNick',
  'msgTimestamp',
  'msgType',
  'body',
  'attach',
  'msgidServer',
  'msgidClient',
  'tMembers',
] as const;
type Copy = Record<(typeof NAMES)[number], string>;

const DAY_MS = 24 * 3600_000;

/** @param body JSON that is known to be small and not deep */
export function readCopy(body: string, now = Date.now()): YunxinAct {
  const json = jsonOf(body);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { act: 'lost', kind: 'unreadable', why: 'the copy is not a JSON object' };
  if (Object.keys(json).length === 0) return { act: 'ignored', why: 'probe' };
  const copy = fieldsOf(json as Record<string, unknown>);
  return notAMessage(copy) ?? readMessage(copy, body, now);
}

function notAMessage({ eventType, convType, to, fromAccount, tMembers }: Copy): YunxinAct | undefined {
  if (eventType === '2') return { act: 'ignored', why: 'login' };
  if (convType.startsWith('CUSTOM_')) return { act: 'ignored', why: 'signal' };
  // Yunxin also copies messages that our ghosts sent.
  if (fromAccount.startsWith(GHOST_PREFIX)) return { act: 'ignored', why: 'own-ghost' };
  if (convType === 'TEAM')
    return tMembers.includes(GHOST_PREFIX)
      ? { act: 'lost', kind: 'team-message', why: 'a ghost is in a team, and teams are not carried' }
      : { act: 'ignored', why: 'own-people' };
  if (to === '') return { act: 'lost', kind: 'unreadable', why: 'the copy names no recipient' };
  if (!to.startsWith(GHOST_PREFIX)) return { act: 'ignored', why: 'own-people' };
  if (eventType !== '' && eventType !== '1')
    return {
      act: 'lost',
      kind: 'event-type',
      why: `copies of event type ${eventType.slice(0, 20)} are not known`,
    };
  return fromAccount === ''
    ? { act: 'lost', kind: 'unreadable', why: 'the copy names no sender' }
    : undefined;
}

function readMessage(copy: Copy, body: string, now: number): YunxinAct {
  const { to, fromAccount: from, fromNick, msgidServer, msgidClient, msgTimestamp } = copy;
  const sent = Number(msgTimestamp);
  const read = partOf(copy);
  return {
    act: 'message',
    id: msgidServer || msgidClient || createHash('sha256').update(body).digest('hex').slice(0, 32),
    from,
    nick: fromNick || undefined,
    to,
    sentAt: new Date(sent > 0 && sent < now + DAY_MS ? sent : now),
    ...('source' in read ? { part: EMPTY_PART, medium: read } : { part: read }),
  };
}

/** Keeps numbers as text, because message ids exceed 2^53. */
function jsonOf(body: string): unknown {
  const asWritten = (_key: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' ? (source ?? String(value)) : value;
  try {
    return JSON.parse(body, asWritten) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** By the documents all values are strings. Numbers and objects are read as their JSON text; others are left out. */
function fieldsOf(json: Record<string, unknown>): Copy {
  const valueOf = (name: string): string => {
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    if (typeof value === 'string') return value;
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : '';
  };
  return Object.fromEntries(NAMES.map((name) => [name, valueOf(name)])) as Copy;
}

/** Attachments are URLs in the network's storage. */
function partOf({ msgType, body, attach }: Copy): LeafPart | NativeAttachment {
  const fields = attachment(attach);
  const media = (contentType: string, voice = false): NativeAttachment => {
    const duration = numberOf(fields['dur']);
    return {
      source: { url: textOf(fields['url']) },
      disposition: 'attachment',
      contentType,
      ...(typeof fields['name'] === 'string' ? { filename: fields['name'].slice(0, 255) } : {}),
      meta: {
        ...(voice ? { voice } : {}),
        ...(duration >= 0 && duration < DAY_MS ? { durationMs: Math.round(duration) } : {}),
      },
    };
  };
  switch (msgType) {
    case 'PICTURE':
      return media('image/*');
    case 'AUDIO':
      return media('audio/*', true);
    case 'VIDEO':
      return media('video/*');
    case 'FILE':
      return media('application/octet-stream');
    case 'LOCATION':
      return placeOf(fields) ?? plainText('（位置）');
    case 'TEXT':
    case 'CUSTOM':
      return plainText(body || notShown(msgType, fields, attach));
    default:
      return plainText(notShown(msgType, fields, body || attach));
  }
}

const MOST_WORDS = 500;
/** Fields in which applications put the text of their custom messages. */
const WORDS = ['msg', 'text', 'content', 'title', 'desc'];

function notShown(type: string, fields: Record<string, unknown>, raw: string): string {
  const words = WORDS.map((name) => textOf(fields[name])).filter(Boolean);
  const said = (words.length > 0 ? words.join('\n') : raw).slice(0, MOST_WORDS).toWellFormed();
  const name = type
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .slice(0, 40)
    .toWellFormed();
  return PHRASES.zh.notShown(name || '?', said);
}

function placeOf(fields: Record<string, unknown>): LeafPart | undefined {
  const [latitude, longitude] = [numberOf(fields['lat']), numberOf(fields['lng'])];
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  return locationPart({ latitude, longitude, label: textOf(fields['title']) || undefined });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Reads a number, or a string that contains one; NaN for other values. */
function numberOf(value: unknown): number {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
    ? Number(value)
    : Number.NaN;
}

function attachment(text: string): Record<string, unknown> {
  const value = parseJson(Buffer.from(text));
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
