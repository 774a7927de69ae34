/** Request bodies as bytes: bounded in size and in time. */
import type { Readable } from 'node:stream';
import { HubError } from '#protocol';

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
