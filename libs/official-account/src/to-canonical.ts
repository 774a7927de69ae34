/**
 * Translates a callback of the platform to what a person did. Pure. Reads field by field; only the sender is required. A field that is
 * missing or cannot be read is left out, and a message of an unknown type becomes a text.
 */
import { createHash } from 'node:crypto';
import { child, type XmlElement } from '#service';
import type { NativeAttachment } from '#adapter-kit';
import {
  cardPart,
  HubError,
  locationPart,
  PHRASES,
  plainText,
  type Capabilities,
  type LeafPart,
} from '#protocol';

export type AccountAct =
  | { act: 'message'; id: string; from: string; sentAt: Date; text: string }
  | { act: 'part'; id: string; from: string; sentAt: Date; part: LeafPart }
  | { act: 'medium'; id: string; from: string; sentAt: Date; medium: NativeAttachment }
  /** The person began to follow the account, pressed a button of its menu, or scanned its code: answered with the help text. */
  | { act: 'followed' | 'asked'; from: string; id: string; sentAt: Date }
  /** Reported to the account, for no correspondent: the person unfollowed, or another report of the platform about people. */
  | { act: 'event'; event: string; from: string; id: string };

type Language = Capabilities['language'];
type Field = (...names: string[]) => string;

/** @throws HubError 30 when it names no sender */
export function readCallback(message: XmlElement, language: Language = 'zh', now = Date.now()): AccountAct {
  const field: Field = (...names) => names.map((name) => child(message, name)?.text).find(Boolean) ?? '';
  const from = field('FromUserName');
  if (from === '') throw new HubError('30', 'the callback names no sender');
  const [type, created] = [field('MsgType').trim(), field('CreateTime')];
  if (type === 'event') {
    const event = field('Event').trim();
    const named = { from, id: `${from}+${created}+${event}` };
    const read = readEvent(event);
    return read.act === 'event'
      ? { ...read, ...named }
      : { ...read, ...named, sentAt: instantOf(created, now) };
  }
  const common = { from, id: field('MsgId') || digestOf(message), sentAt: instantOf(created, now) };
  if (type === 'text' && field('Content') !== '')
    return { act: 'message', ...common, text: field('Content') };
  const read = readPart(type, field, language);
  return 'source' in read
    ? { act: 'medium', ...common, medium: read }
    : { act: 'part', ...common, part: read };
}

/** Identity of a message without an id: the platform repeats it with exactly the same fields. */
function digestOf(message: XmlElement): string {
  const fields = message.children.map(({ name, text }) => [name, text]);
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 32);
}

const DAY_MS = 24 * 3600_000;
/** As seconds, a larger number would be a year in the far future: such numbers are milliseconds. */
const MOST_SECONDS = 1e11;

/** An invalid time, or one far in the future, is replaced by the present time. */
function instantOf(created: string, now: number): Date {
  const given = Number(created);
  const at = given > MOST_SECONDS ? given : given * 1000;
  return new Date(at > 0 && at < now + DAY_MS ? at : now);
}

const ASKING = new Set(['click', 'scan', 'yixinscan']);

function readEvent(event: string): { act: 'followed' | 'asked' } | { act: 'event'; event: string } {
  const name = event.toLowerCase();
  if (name === 'subscribe') return { act: 'followed' };
  return ASKING.has(name) ? { act: 'asked' } : { act: 'event', event: event.slice(0, 64) };
}

/** By MediaId, which the adapter downloads with the token of the account; Yixin gives a URL. */
function readPart(type: string, field: Field, language: Language): LeafPart | NativeAttachment {
  const [mediaId, url] = [field('MediaId'), field('url', 'PicUrl')];
  const media = (
    contentType: string,
    description = field('Recognition'),
    voice = false,
  ): NativeAttachment => {
    const filename = field('name', 'FileName');
    return {
      source: mediaId === '' ? { url } : { mediaId },
      disposition: 'attachment',
      contentType,
      ...(filename ? { filename } : {}),
      ...(description ? { description: description.slice(0, 2000) } : {}),
      ...(voice ? { meta: { voice } } : {}),
    };
  };
  switch (type) {
    case 'image':
      return media('image/*', '');
    case 'voice':
    case 'audio':
      return media('audio/*', field('Recognition'), true);
    case 'video':
    case 'shortvideo':
      return media('video/*', '');
    case 'location':
      return readLocation(field) ?? plainText(field('Label') || '（位置）');
    case 'card':
      return cardPart({
        name: field('name', 'Name', 'Content') || field('card') || '?',
        phone: field('mobile') || undefined,
      });
    case 'link':
    case 'miniprogrampage':
      return plainText(
        [field('Title'), field('Description'), field('Url', 'PagePath')].filter(Boolean).join('\n') ||
          '（链接）',
      );
    default:
      return mediaId === '' && url === ''
        ? plainText(PHRASES[language].notShown(nameOf(type), wordsOf(field)))
        : media('application/octet-stream', field('Title', 'FileName'));
  }
}

function nameOf(type: string): string {
  return (
    type
      .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
      .slice(0, 40)
      .toWellFormed() || '?'
  );
}

const MOST_WORDS = 1000;

/** The text of a message of an unknown type, in whichever field the platform puts it. */
function wordsOf(field: Field): string {
  const words = ['Content', 'Title', 'Description', 'Url', 'Recognition', 'Label'].map((name) => field(name));
  return [...new Set(words.filter(Boolean))].join('\n').slice(0, MOST_WORDS).toWellFormed();
}

/** X is the latitude. */
function readLocation(field: Field): LeafPart | undefined {
  const [x, y] = [field('Location_X'), field('Location_Y')];
  const [latitude, longitude] = [Number(x), Number(y)];
  if (x === '' || y === '' || !(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  return locationPart({ latitude, longitude, label: field('Label') || undefined });
}
