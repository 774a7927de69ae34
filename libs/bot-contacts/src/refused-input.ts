/** A callback that the hub did not take: delivered again by the platform, or recorded and reported to its sender. */
import type { Hub } from '#adapter-kit';
import { toHubError, type ResultCode } from '#protocol';

/**
 * @param native the callback, for the record
 * @returns the code to show to the sender. @throws HubError for what may succeed when the platform delivers it again
 */
export function recordRefusal(hub: Pick<Hub, 'notCarried'>, thrown: unknown, native: string): ResultCode {
  const error = toHubError(thrown);
  if (error.verdict === 'retry') throw error;
  hub.notCarried({ kind: 'refused', why: `${error.code} ${error.detail}`, native });
  return error.code;
}
