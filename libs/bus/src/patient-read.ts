/** Reads something of the bus although it is away or does not answer for a moment. */
import { HubError } from '#protocol';
import { sleep } from '#service';
import type { BusConnection, BusSession } from './bus-connection.js';

/** How long something is tried, with the bus away or not answering, ms. */
export const PATIENCE_MS = 15_000;
export const RETRY_MS = 250;

/**
 * @param stream that is read, for the error
 * @throws HubError 91 when the bus is away, or does not answer, for 15 s: the caller tries again later
 */
export async function patiently<T>(
  connection: BusConnection,
  stream: string,
  read: (session: BusSession) => Promise<T>,
): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    let cause: unknown;
    try {
      const { session } = connection;
      if (session) return await read(session);
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= until) throw notDone('read', stream, cause);
    await sleep(RETRY_MS);
  }
}

/** @param cause undefined: there was no session */
export function notDone(what: 'read' | 'change', stream: string, cause: unknown): HubError {
  const why =
    cause === undefined
      ? 'this process has no session with the bus: check NATS_URL, the credentials and the server'
      : `stream ${stream} does not answer: check that it has a leader`;
  return new HubError('91', `cannot ${what} ${stream} for ${PATIENCE_MS / 1000} s: ${why}`, { cause });
}
