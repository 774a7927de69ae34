/** Closes a connection whose peer says nothing: it is dead, or takes a place for nothing. */
import type { Clock } from './clock.js';
import type { SessionConnection } from './session-connection.js';

/** @returns ends the watch */
export function closeWhenSilent<Frame>(
  connection: SessionConnection<Frame>,
  limitMs: number,
  clock: Clock,
): () => void {
  let cancel: () => void = () => undefined;
  const look = () => {
    const { silentMs } = connection;
    if (silentMs >= limitMs) connection.close(`the peer was silent for ${limitMs} ms`);
    else cancel = clock.after(limitMs - silentMs, look);
  };
  cancel = clock.after(limitMs, look);
  return () => cancel();
}
