/**
 * SIP-C/4.0 frames (protocols of Fetion clients, 2006-2012): a start line, headers of one or two letters, an empty
 * line, then as many bytes of body as `L` says. Frames follow each other without any mark between them.
 */
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

/** `L` is added, and counts bytes of UTF-8. */
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

/** Cuts a stream of bytes into frames, whatever pieces it comes in. */
export class FrameReader {
  private pending: Buffer = Buffer.alloc(0);

  /** One frame after the other. @throws HubError 30 when what comes is not SIP-C: the connection is of no more use */
  *read(chunk: Buffer): Generator<Frame> {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    for (;;) {
      // Clients and servers of the time put empty lines between frames.
      while (this.pending[0] === CR && this.pending[1] === LF) this.pending = this.pending.subarray(2);
      const end = this.pending.indexOf(END_OF_HEADERS);
      if (end > MAX_HEADERS || (end < 0 && this.pending.length > MAX_HEADERS))
        throw new HubError('30', 'SIP-C: the headers have no end');
      if (end < 0) return;
      const { start, headers } = readHead(this.pending.subarray(0, end).toString('utf8'));
      const length = bodyLength(headers);
      const from = end + END_OF_HEADERS.length;
      if (this.pending.length < from + length) return;
      const body = this.pending.subarray(from, from + length).toString('utf8');
      this.pending = this.pending.subarray(from + length);
      yield { start, headers, body };
    }
  }
}

function bodyLength(headers: Header[]): number {
  const text = headers.find(([name]) => name === 'L')?.[1];
  if (text === undefined) return 0;
  const length = Number(text);
  if (!/^\d+$/.test(text) || length > MAX_BODY) throw new HubError('30', 'SIP-C: a length that cannot be');
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
