/** Request bodies as bytes: bounded in size and in time. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { HubError } from '#protocol';

/** A stream must bring this many bytes in each period. */
const LEAST_BYTES = 32 * 1024;

/**
 * The rest of a body that is refused stays unread: the caller answers, and closes the connection.
 * @param declared value of content-length
 * @throws HubError 61 too large, 91 cut off, 30 too slow
 */
export function readBody(payload: Readable, declared: number, max: number, ms: number): Promise<Buffer> {
  if (declared > max) return Promise.reject(new HubError('61', `the body has more than ${max} bytes`));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const tooSlow = () => fail(new HubError('30', 'the body came too slowly'));
    const timer = setTimeout(tooSlow, ms);
    const fail = (error: HubError) => {
      clearTimeout(timer);
      payload.off('data', take).pause();
      reject(error);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > max) return fail(new HubError('61', `the body has more than ${max} bytes`));
      chunks.push(chunk);
    };
    payload
      .on('data', take)
      .once('end', () => {
        clearTimeout(timer);
        resolve(Buffer.concat(chunks, size));
      })
      .once('error', (cause) => fail(new HubError('91', 'the body was cut off', { cause })))
      .once('close', () => fail(new HubError('91', 'the body was cut off')));
  });
}

/**
 * Cuts a stream whose sender brings too few bytes in a period. A stream that waits for its reader is not the sender's
 * fault and is left alone.
 */
export function cutWhenSlow(request: IncomingMessage, periodMs: number): void {
  let before = request.socket.bytesRead;
  const look = () => {
    const now = request.socket.bytesRead;
    if (now - before < LEAST_BYTES && request.readableLength === 0)
      request.destroy(new HubError('30', 'the body came too slowly'));
    before = now;
  };
  const timer = setInterval(look, periodMs);
  const stop = () => clearInterval(timer);
  request.once('end', stop).once('close', stop);
}
