/** SIP messages as bytes (RFC 3261 §7 and §25). */
export type Header = readonly [name: string, value: string];

interface Common {
  headers: readonly Header[];
  body: Buffer;
}

export interface SipRequest extends Common {
  method: string;
  uri: string;
}

export interface SipResponse extends Common {
  status: number;
  reason: string;
}

export type SipMessage = SipRequest | SipResponse;

/** Largest message, in bytes: more than a datagram can hold. */
export const MOST_BYTES = 65_536;
const MOST_HEADERS = 200;

/** RFC 3261 §7.3.3, RFC 6665 §8.2.1. */
const COMPACT: Record<string, string> = {
  c: 'content-type',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
};

export class NotSip extends Error {}

export function isRequest(message: SipMessage): message is SipRequest {
  return 'method' in message;
}

/** The long form in lower case. */
export function nameOf(header: string): string {
  const name = header.trim().toLowerCase();
  return COMPACT[name] ?? name;
}

export function headersOf({ headers }: Common, wanted: string): string[] {
  const name = wanted.toLowerCase();
  return headers.filter(([own]) => nameOf(own) === name).map(([, value]) => value);
}

/** The first value. */
export function headerOf(message: Common, wanted: string): string | undefined {
  return headersOf(message, wanted)[0];
}

/** @throws NotSip if it is missing */
export function neededHeader(message: Common, wanted: string): string {
  const value = headerOf(message, wanted);
  if (value === undefined) throw new NotSip(`there is no ${wanted}`);
  return value;
}

/** A whole message, with its body up to Content-Length, or to the end of the datagram without one (§18.3). @throws NotSip */
export function parseSip(bytes: Buffer): SipMessage {
  if (bytes.length > MOST_BYTES) throw new NotSip('the message is too long');
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) throw new NotSip('the headers have no end');
  const message = parseHead(bytes.toString('utf8', 0, end));
  const rest = bytes.subarray(end + 4);
  const length = lengthOf(message) ?? rest.length;
  if (length > rest.length) throw new NotSip('the body is shorter than Content-Length');
  return { ...message, body: Buffer.from(rest.subarray(0, length)) };
}

/** @returns the number in Content-Length, if there is one. @throws NotSip if it is no number */
export function lengthOf(message: Common): number | undefined {
  const value = headerOf(message, 'content-length');
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new NotSip('Content-Length is no number');
  return Number(value);
}

/** Start line and headers, without the empty line that ends them. @throws NotSip */
export function parseHead(head: string): SipMessage {
  // A line that begins with a space continues the line before it (§7.3.1).
  const [start = '', ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  if (lines.length > MOST_HEADERS) throw new NotSip('there are too many headers');
  const headers = lines.map((line): Header => {
    const colon = line.indexOf(':');
    if (colon < 1) throw new NotSip('a header has no name');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  const common = { headers, body: Buffer.alloc(0) };
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/i.exec(start);
  if (response) return { status: Number(response[1]), reason: response[2] ?? '', ...common };
  const request = /^([A-Za-z0-9.!%*_+`'~-]+) (\S+) SIP\/2\.0$/i.exec(start);
  if (!request) throw new NotSip('the start line is neither that of a request nor of a response');
  return { method: request[1] ?? '', uri: request[2] ?? '', ...common };
}

/** With a Content-Length that fits the body. */
export function writeSip(message: SipMessage): Buffer {
  const start = isRequest(message)
    ? `${message.method} ${message.uri} SIP/2.0`
    : `SIP/2.0 ${message.status} ${message.reason}`;
  const headers = message.headers.filter(([name]) => nameOf(name) !== 'content-length');
  const lines = [...headers, ['Content-Length', String(message.body.length)] as const].map(
    // A line end inside a value would begin another header.
    ([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, ' ')}`,
  );
  return Buffer.concat([Buffer.from(`${[start, ...lines].join('\r\n')}\r\n\r\n`), message.body]);
}
