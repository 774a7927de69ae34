/** Messages from a stream: each ends where its Content-Length says (RFC 3261 §18.3). */
import { lengthOf, MOST_BYTES, NotSip, parseHead, type SipMessage } from './sip-message.js';

export class StreamReader {
  private rest: Buffer = Buffer.alloc(0);

  /** @param ping called for a double line end, which asks whether the connection lives (RFC 5626 §3.5.1) */
  constructor(private readonly ping: () => void) {}

  /** @returns the messages that are complete. @throws NotSip: the stream cannot be read any further */
  push(chunk: Buffer): SipMessage[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const messages: SipMessage[] = [];
    for (let next = this.next(); next; next = this.next()) messages.push(next);
    return messages;
  }

  private next(): SipMessage | undefined {
    this.skipLineEnds();
    // Somebody who begins with TLS would wait for an answer.
    const [begin] = this.rest;
    if (begin !== undefined && begin < 0x20 && begin !== 0x0d) throw new NotSip('these are no words');
    const end = this.rest.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.rest.length > MOST_BYTES) throw new NotSip('the headers have no end');
      return undefined;
    }
    const message = parseHead(this.rest.toString('utf8', 0, end));
    const length = lengthOf(message);
    if (length === undefined) throw new NotSip('a message in a stream needs a Content-Length');
    const whole = end + 4 + length;
    if (whole > MOST_BYTES) throw new NotSip('the message is too long');
    if (this.rest.length < whole) return undefined;
    const body = Buffer.from(this.rest.subarray(end + 4, whole));
    this.rest = this.rest.subarray(whole);
    return { ...message, body };
  }

  private skipLineEnds(): void {
    for (; this.rest.indexOf('\r\n\r\n') === 0; this.rest = this.rest.subarray(4)) this.ping();
    for (; this.rest.indexOf('\r\n') === 0 && this.rest[2] !== 0x0d; this.rest = this.rest.subarray(2))
      if (this.rest.length === 2) return;
  }
}
