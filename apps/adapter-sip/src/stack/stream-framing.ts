/** SIP over streams: a message ends where its Content-Length says (RFC 3261 §18.3). */
import type { Decoded, FrameCodec } from '#adapter-session';
import { HubError } from '#protocol';
import { MAX_MESSAGE_BYTES } from './sip-parser.js';

const END_OF_HEAD = '\r\n\r\n';
const CRLF_BYTES = 2;

/** Frames are the bytes of one message. Empty lines between them keep the connection open (RFC 5626 §3.5.1). */
export const sipFrames: FrameCodec<Buffer> = {
  maxFrameBytes: MAX_MESSAGE_BYTES,
  encode: (message) => message,
  decode(pending): Decoded<Buffer> {
    if (pending[0] === 0x0d) {
      if (pending.length === 1) return { kind: 'incomplete', needs: CRLF_BYTES };
      if (pending[1] === 0x0a) return { kind: 'filler', bytes: CRLF_BYTES };
    }
    const end = pending.indexOf(END_OF_HEAD, 0, 'latin1');
    if (end < 0) {
      if (pending.length >= MAX_MESSAGE_BYTES) throw new HubError('30', 'the head of a message has no end');
      return { kind: 'incomplete', needs: pending.length + 1 };
    }
    const bytes = end + END_OF_HEAD.length + contentLength(pending.toString('latin1', 0, end));
    if (bytes > MAX_MESSAGE_BYTES) throw new HubError('30', `a message of ${bytes} bytes`);
    if (pending.length < bytes) return { kind: 'incomplete', needs: bytes };
    return { kind: 'frame', frame: pending.subarray(0, bytes), bytes };
  },
};

/** @throws HubError 30: without a length, nobody knows where the next message begins */
function contentLength(head: string): number {
  const [found, ...more] = head.matchAll(/\r\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*(?=\r\n|$)/gi);
  if (found?.[1] === undefined || more.some(([, other]) => other !== found[1]))
    throw new HubError('30', 'a message on a stream has one Content-Length');
  return Number(found[1]);
}
