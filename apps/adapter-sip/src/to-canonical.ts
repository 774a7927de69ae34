/** A MESSAGE of a person -> what it says. Pure. */
import type { Availability } from '#protocol';
import { COMPOSING_TYPE, readComposing } from './documents/is-composing.js';
import { readCpim } from './documents/cpim.js';
import { IMDN_TYPE, readImdn, type Imdn } from './documents/imdn.js';
import { PIDF_TYPE, readPidf, type Presence } from './documents/pidf.js';
import { identityOf } from './stack/server-transactions.js';
import { header, type SipRequest } from './stack/sip-message.js';
import { parseParams } from './stack/sip-uri.js';

export type SipAct =
  | {
      act: 'message';
      text: string;
      /** As receipts name it. */
      id: string;
      /** The same for a request that comes again. */
      identity: string;
      sentAt: Date | undefined;
      wants: ('delivered' | 'read')[];
    }
  | { act: 'typing'; state: 'composing' | 'stopped'; ttlMs: number }
  | { act: 'notification'; imdn: Imdn }
  /** Answered with 415: the sender learns what we take. */
  | { act: 'unsupported'; why: string }
  /** Answered with 400. */
  | { act: 'unreadable'; why: string };

const UNICODE = new Set(['utf-8', 'us-ascii', 'utf8']);
const OTHER_CHARSETS = new Set(['gb18030', 'gbk', 'gb2312', 'big5', 'iso-8859-1', 'windows-1252']);
const LONGEST_ID = 256;
/** A clock that is wrong by more than this says nothing (RFC 3261 §20.17 has no bound). */
const MOST_SKEW_MS = 7 * 24 * 3600_000;

interface Body {
  type: string;
  charset: string;
  bytes: Buffer;
}

export function readMessage(request: SipRequest, now = Date.now()): SipAct {
  const encoding = header(request, 'content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') return unsupported(`content encoding ${encoding.slice(0, 50)}`);
  const body = bodyOf(header(request, 'content-type') ?? 'text/plain', request.body);
  const identity = identityOf(request);
  if (body.type !== 'message/cpim') return readBody(body, { id: identity, identity, request, now });
  const cpim = readCpim(request.body.toString('utf8'));
  if (!cpim) return { act: 'unreadable', why: 'not CPIM' };
  const inner = bodyOf(cpim.contentType, Buffer.from(cpim.body));
  const id = (cpim.headers.get('imdn.message-id') ?? '').slice(0, LONGEST_ID);
  const asked = (cpim.headers.get('imdn.disposition-notification') ?? '').toLowerCase();
  const known = id === '' ? { id: identity, identity } : { id, identity: `${callerOf(request)} ${id}` };
  const about = { ...known, request, now, sentAt: cpim.headers.get('datetime') };
  return readBody(inner, { ...about, asked: id === '' ? '' : asked });
}

interface About {
  id: string;
  identity: string;
  request: SipRequest;
  now: number;
  sentAt?: string | undefined;
  asked?: string;
}

function readBody(body: Body, { id, identity, request, now, sentAt, asked = '' }: About): SipAct {
  switch (body.type) {
    case 'text/plain': {
      const text = decoded(body);
      if (text === undefined) return unsupported(`charset ${body.charset.slice(0, 50)}`);
      if (text.trim() === '') return { act: 'unreadable', why: 'no words' };
      return {
        act: 'message',
        text: withSubject(header(request, 'subject'), text),
        id,
        identity,
        sentAt: dateIn(sentAt ?? header(request, 'date'), now),
        wants: [
          ...(asked.includes('positive-delivery') ? (['delivered'] as const) : []),
          ...(asked.includes('display') ? (['read'] as const) : []),
        ],
      };
    }
    case COMPOSING_TYPE: {
      const composing = readComposing(body.bytes.toString('utf8'));
      return composing ? { act: 'typing', ...composing } : { act: 'unreadable', why: 'not isComposing' };
    }
    case IMDN_TYPE: {
      const imdn = readImdn(body.bytes.toString('utf8'));
      return imdn ? { act: 'notification', imdn } : { act: 'unreadable', why: 'not IMDN' };
    }
    default:
      return unsupported(body.type.slice(0, 100));
  }
}

export type Published =
  | { kind: 'presence'; presence: Presence }
  | { kind: 'nothing' }
  | { kind: 'unsupported' }
  | { kind: 'unreadable' };

/** The document of a PUBLISH or NOTIFY. */
export function readPresence(request: SipRequest): Published {
  if (request.body.length === 0) return { kind: 'nothing' };
  const { type } = bodyOf(header(request, 'content-type') ?? '', request.body);
  if (type !== PIDF_TYPE) return { kind: 'unsupported' };
  const presence = readPidf(request.body.toString('utf8'));
  return presence ? { kind: 'presence', presence } : { kind: 'unreadable' };
}

/** Whether others see a difference. */
export function isSame(one: Presence | undefined, other: Presence | undefined): boolean {
  const of = (presence: Presence | undefined): [Availability, string] => [
    presence?.availability ?? 'unknown',
    presence?.statusText ?? '',
  ];
  return of(one).join('\n') === of(other).join('\n');
}

function bodyOf(contentType: string, bytes: Buffer): Body {
  const [type = '', ...rest] = contentType.split(';');
  const charset = parseParams(rest.join(';')).get('charset')?.toLowerCase() ?? 'utf-8';
  return { type: type.trim().toLowerCase(), charset, bytes };
}

function decoded({ charset, bytes }: Body): string | undefined {
  if (UNICODE.has(charset)) return bytes.toString('utf8');
  return OTHER_CHARSETS.has(charset) ? new TextDecoder(charset).decode(bytes) : undefined;
}

/** Phones that show a subject show it above the text (RFC 7572 §4). */
function withSubject(subject: string | undefined, text: string): string {
  return subject ? `${subject}\n${text}` : text;
}

function dateIn(text: string | undefined, now: number): Date | undefined {
  const date = new Date(text ?? '');
  return Math.abs(date.getTime() - now) <= MOST_SKEW_MS ? date : undefined;
}

/** A message id is chosen by the phone: it is unique for its person only. */
function callerOf(request: SipRequest): string {
  return /sips?:([^;>\s]+)/i.exec(header(request, 'from') ?? '')?.[1]?.toLowerCase() ?? '';
}

function unsupported(why: string): SipAct {
  return { act: 'unsupported', why };
}
