/** Ends requests whose body comes too slowly: a short one within a time, an upload when it does not advance. */
import type { IncomingMessage } from 'node:http';
import type { HttpLimits } from './http-limits.js';

/** @param end is called if the body has not arrived after `ms` */
export function endWhenLate(request: IncomingMessage, ms: number, end: () => void): void {
  if (request.complete) return;
  const look = () => (request.complete ? undefined : end());
  const timer = setTimeout(look, ms);
  request.once('close', () => clearTimeout(timer));
}

/**
 * Looks once in each `bodyMs` whether the sender brought at least `uploadBytes`. A body that waits for its reader is not the
 * sender's fault and is left alone.
 * @param end is called if it did not
 */
export function endWhenSlow(
  request: IncomingMessage,
  { bodyMs, uploadBytes }: Pick<HttpLimits, 'bodyMs' | 'uploadBytes'>,
  end: () => void,
): void {
  let before = request.socket.bytesRead;
  const look = () => {
    const now = request.socket.bytesRead;
    if (now - before < uploadBytes && request.readableLength === 0 && !request.complete) end();
    before = now;
  };
  const timer = setInterval(look, bodyMs);
  const stop = () => clearInterval(timer);
  request.once('end', stop).once('close', stop);
}
