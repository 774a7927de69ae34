/** Events -> the requests that phones get. Pure. */
import type { MessageEvent } from '#protocol';
import { plainWords } from '#text';
import { IMDN_HEADER, printCpim } from './documents/cpim.js';
import { IMDN_TYPE, printImdn } from './documents/imdn.js';
import { COMPOSING_TYPE, printComposing } from './documents/is-composing.js';
import { quoted } from './stack/sip-uri.js';
import type { Header, SipRequest } from './stack/sip-message.js';

/** Who writes to whom, and what the request is known by. */
export interface Envelope {
  /** URI of the ghost, and the name that the phone shows. */
  from: string;
  name: string | undefined;
  /** Address of record of the person. */
  to: string;
  callId: string;
}

/** What a MESSAGE carries. */
export interface Payload {
  contentType: string;
  body: string;
  /** The same for a phone without CPIM. undefined: it means nothing to such a phone. */
  plain?: { contentType: string; body: string } | undefined;
  headers?: readonly Header[];
}

const PLAIN = 'text/plain;charset=UTF-8';
const CPIM = 'message/cpim';
const MAX_FORWARDS: Header = ['max-forwards', '70'];

export function textOf(event: MessageEvent): string {
  return plainWords(event.data.content.body);
}

/** Words, with the wish to hear when they are delivered and read. */
export function words(
  text: string,
  { from, to }: Envelope,
  messageId: string,
  { sentAt, isLate }: { sentAt: Date; isLate: boolean },
): Payload {
  const headers = [
    ['From', `<${from}>`],
    ['To', `<${to}>`],
    ['DateTime', sentAt.toISOString()],
    IMDN_HEADER,
    ['imdn.Message-ID', messageId],
    ['imdn.Disposition-Notification', 'positive-delivery, negative-delivery, display'],
  ] as const;
  return {
    contentType: CPIM,
    body: printCpim(headers, PLAIN, text),
    plain: { contentType: PLAIN, body: text },
    ...(isLate ? { headers: [['date', sentAt.toUTCString()]] } : {}),
  };
}

/** Words of the hub: nobody waits for a receipt. */
export function notice(text: string): Payload {
  const plain = { contentType: PLAIN, body: text };
  return { ...plain, plain };
}

export function notification(
  { from, to }: Envelope,
  about: { messageId: string; status: 'delivered' | 'displayed'; id: string; at: Date },
): Payload {
  const headers = [
    ['From', `<${from}>`],
    ['To', `<${to}>`],
    ['DateTime', about.at.toISOString()],
    IMDN_HEADER,
    ['imdn.Message-ID', about.id],
  ] as const;
  const imdn = printImdn(about.messageId, about.status, { at: about.at, recipient: from });
  return { contentType: CPIM, body: printCpim(headers, IMDN_TYPE, imdn) };
}

export function composing(active: boolean, ttlMs: number): Payload {
  return { contentType: COMPOSING_TYPE, body: printComposing(active, ttlMs) };
}

/** @param uri of the phone, or of the person behind the trunk @param sequence rises with each request of the same Call-ID */
export function messageRequest(
  uri: string,
  { from, name, to, callId }: Envelope,
  { contentType, body, headers = [] }: Pick<Payload, 'contentType' | 'body' | 'headers'>,
  sequence: number,
  tag: string,
): SipRequest {
  return {
    kind: 'request',
    method: 'MESSAGE',
    uri,
    headers: [
      MAX_FORWARDS,
      ['from', `${name === undefined ? '' : `${quoted(name)} `}<${from}>;tag=${tag}`],
      ['to', `<${to}>`],
      ['call-id', callId],
      ['cseq', `${sequence} MESSAGE`],
      ...headers,
      ['content-type', contentType],
    ],
    body: Buffer.from(body),
  };
}
