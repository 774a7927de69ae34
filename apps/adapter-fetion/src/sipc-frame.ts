/**
 * SIP-C/4.0 frames, as Fetion clients wrote them from 2006 to 2012: a start line, headers with names of one or two
 * letters, an empty line, then as many bytes of body as the header `L` says. Nothing separates two frames.
 */
import type { FrameCodec } from '#adapter-session';
import { HubError } from '#protocol';

export type Header = [name: string, value: string];

export interface Frame {
  start:
    { kind: 'request'; method: string; target: string } | { kind: 'response'; code: number; reason: string };
  headers: Header[];
  body: string;
}

const VERSION = 'SIP-C/4.0';
const END_OF_HEADERS = '\r\n\r\n';
const [CR, LF] = [13, 10];
const MAX_HEADERS = 16 * 1024;
const MAX_BODY = 2 * 1024 * 1024;
const METHOD = /^[A-Z]{1,6}$/;

export function header(frame: Frame, name: string): string | undefined {
  return frame.headers.find(([known]) => known === name)?.[1];
}

/** Adds the header `L`, the length of the body in bytes of UTF-8. */
export function printFrame({ start, headers, body }: Frame): Buffer {
  const first =
    start.kind === 'request'
      ? `${start.method} ${start.target} ${VERSION}`
      : `${VERSION} ${start.code} ${start.reason}`;
  const bytes = Buffer.from(body, 'utf8');
  const all: Header[] = bytes.length > 0 ? [...headers, ['L', String(bytes.length)]] : headers;
  const lines = all.map(([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, ' ')}`);
  return Buffer.concat([Buffer.from([first, ...lines].join('\r\n') + END_OF_HEADERS, 'utf8'), bytes]);
}

export const sipcCodec: FrameCodec<Frame> = {
  maxFrameBytes: MAX_HEADERS + END_OF_HEADERS.length + MAX_BODY,
  encode: printFrame,
  decode(pending) {
    const empty = emptyLines(pending);
    if (empty > 0) return { kind: 'filler', bytes: empty };
    const end = pending.indexOf(END_OF_HEADERS);
    if (end > MAX_HEADERS || (end < 0 && pending.length > MAX_HEADERS))
      throw new HubError('30', `SIP-C: headers of more than ${MAX_HEADERS} bytes`);
    if (end < 0) return { kind: 'incomplete', needs: pending.length + 1 };
    const { start, headers } = readHead(pending.subarray(0, end).toString('utf8'));
    const from = end + END_OF_HEADERS.length;
    const bytes = from + bodyLength(headers);
    if (pending.length < bytes) return { kind: 'incomplete', needs: bytes };
    return {
      kind: 'frame',
      frame: { start, headers, body: pending.subarray(from, bytes).toString('utf8') },
      bytes,
    };
  },
};

/** Some clients and servers put empty lines between frames. @returns the bytes of those at the beginning */
function emptyLines(pending: Buffer): number {
  let at = 0;
  while (pending[at] === CR && pending[at + 1] === LF) at += 2;
  return at;
}

function bodyLength(headers: Header[]): number {
  const text = headers.find(([name]) => name === 'L')?.[1];
  if (text === undefined) return 0;
  const length = Number(text);
  if (!/^\d+$/.test(text) || length > MAX_BODY) throw new HubError('30', 'SIP-C: an invalid body length');
  return length;
}

function readHead(text: string): Pick<Frame, 'start' | 'headers'> {
  const [first = '', ...rest] = text.split('\r\n');
  const headers = rest.map((line): Header => {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new HubError('30', 'SIP-C: a header without a name');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  return { start: readStart(first), headers };
}

function readStart(line: string): Frame['start'] {
  const [one = '', two = '', ...rest] = line.split(' ');
  if (one.startsWith('SIP-C/')) {
    const code = Number(two);
    if (!/^\d{3}$/.test(two)) throw new HubError('30', 'SIP-C: a response without a code');
    return { kind: 'response', code, reason: rest.join(' ') };
  }
  if (!METHOD.test(one) || !(rest[0] ?? '').startsWith('SIP-C/'))
    throw new HubError('30', 'SIP-C: neither a request nor a response');
  return { kind: 'request', method: one, target: two };
}
