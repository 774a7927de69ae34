/** Frames of SIP-C/4.0 on TCP: text headers, CRLF, and a body of `L` bytes; frames follow one another without a gap. */
export type StartLine = { method: string; target: string } | { code: number; reason: string };
export type Header = readonly [name: string, value: string];

export interface Frame {
  start: StartLine;
  headers: readonly Header[];
  body: string;
}

/** Limit for buffered bytes of one peer. A peer that sends more is broken or hostile. */
export const MAX_HEAD_BYTES = 16 * 1024;
export const MAX_BODY_BYTES = 256 * 1024;
const MAX_PIECES = 256;

const VERSION = 'SIP-C/4.0';
const HEAD_END = Buffer.from('\r\n\r\n');

export function header(frame: Frame, name: string): string | undefined {
  return frame.headers.find(([its]) => its === name)?.[1];
}

export function headersOf(frame: Frame, name: string): string[] {
  return frame.headers.filter(([its]) => its === name).map(([, value]) => value);
}

/** `L` is counted here: in the place where the headers have one, else last. */
export function printFrame({ start, headers, body }: Frame): Buffer {
  const first =
    'method' in start
      ? `${oneLine(start.method)} ${oneLine(start.target)} ${VERSION}`
      : `${VERSION} ${start.code} ${oneLine(start.reason)}`;
  const length = String(Buffer.byteLength(body));
  const placed = headers.some(([name]) => name === 'L');
  const whole: readonly Header[] = placed || !body ? headers : [...headers, ['L', length]];
  const lines = whole.map(([name, value]) => `${name}: ${name === 'L' ? length : oneLine(value)}`);
  return Buffer.from(`${[first, ...lines].join('\r\n')}\r\n\r\n${body}`);
}

/** Header values can contain text of users; a line break in one would inject headers. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').trim();
}

/** Reassembles frames from TCP segments. Accepts nothing after the first invalid byte. */
export class FrameReader {
  private held: Buffer[] = [];
  private heldBytes = 0;
  private head: { start: StartLine; headers: Header[]; length: number } | undefined;
  private wrong: string | undefined;

  /** The protocol error of the peer. The connection cannot be used after it. */
  get broken(): string | undefined {
    return this.wrong;
  }

  get bytesHeld(): number {
    return this.heldBytes;
  }

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    if (this.wrong !== undefined) return frames;
    this.held.push(chunk);
    this.heldBytes += chunk.length;
    // Join small chunks: a body that arrives byte by byte must not be kept as one buffer per byte.
    if (this.held.length > MAX_PIECES) this.joined();
    for (let frame = this.next(); frame; frame = this.next()) frames.push(frame);
    return frames;
  }

  private next(): Frame | undefined {
    this.head ??= this.readHead();
    if (!this.head || this.heldBytes < this.head.length) return undefined;
    const { start, headers, length } = this.head;
    this.head = undefined;
    return { start, headers, body: this.take(length).toString('utf8') };
  }

  private readHead() {
    if (this.heldBytes === 0) return undefined;
    const bytes = this.joined();
    const end = bytes.subarray(0, MAX_HEAD_BYTES).indexOf(HEAD_END);
    if (end < 0) return this.heldBytes >= MAX_HEAD_BYTES ? this.refuse('the header is too long') : undefined;
    const head = parseHead(this.take(end + HEAD_END.length).toString('utf8', 0, end));
    return typeof head === 'string' ? this.refuse(head) : head;
  }

  private take(length: number): Buffer {
    const bytes = this.joined();
    this.heldBytes = bytes.length - length;
    // Copy: a slice would keep the complete read buffer in memory for each idle connection.
    this.held = this.heldBytes ? [Buffer.from(bytes.subarray(length))] : [];
    return bytes.subarray(0, length);
  }

  private joined(): Buffer {
    const [only, ...more] = this.held;
    if (only && !more.length) return only;
    const whole = Buffer.concat(this.held);
    this.held = [whole];
    return whole;
  }

  private refuse(why: string): undefined {
    this.wrong = why;
    this.held = [];
    this.heldBytes = 0;
  }
}

function parseHead(text: string): { start: StartLine; headers: Header[]; length: number } | string {
  const [first = '', ...lines] = text.split('\r\n');
  const start = parseStart(first);
  if (!start) return 'not a SIP-C start line';
  const headers: Header[] = [];
  for (const line of lines) {
    const [, name, value] = /^([A-Z]{1,2}):[ \t]*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return 'not a header';
    headers.push([name, value.trim()]);
  }
  const lengths = headers.filter(([name]) => name === 'L').map(([, value]) => value);
  const [length = '0'] = lengths;
  if (lengths.length > 1 || !/^\d{1,9}$/.test(length)) return 'no usable length';
  return Number(length) > MAX_BODY_BYTES
    ? 'the body is too long'
    : { start, headers, length: Number(length) };
}

function parseStart(line: string): StartLine | undefined {
  const response = /^SIP-C\/4\.0 (\d{3})(?: (.*))?$/.exec(line);
  if (response) return { code: Number(response[1]), reason: (response[2] ?? '').trim() };
  const request = /^([A-Z]{1,4}) (\S{1,128}) SIP-C\/4\.0$/.exec(line);
  return request ? { method: request[1] ?? '', target: request[2] ?? '' } : undefined;
}
