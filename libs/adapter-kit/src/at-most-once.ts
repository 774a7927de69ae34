/**
 * Sending into a network that cannot recognise a message that it was given before. A mark is stored before the attempt
 * and taken away only when the network said for certain that it did not take the message; where a mark is found, a
 * former attempt may have arrived, and nothing is sent again: the sender is told that the outcome is unknown.
 */
import { HubError, toHubError } from '#protocol';
import type { Delivered, Memory } from './adapter.contract.js';

type Mark = { state: 'sending' } | { state: 'refused' } | { state: 'sent'; delivered: Delivered };

/** @param uncertain false: this is certainly the first attempt, so that nothing need be looked up */
export async function sendAtMostOnce(
  memory: Memory,
  key: string,
  send: () => Promise<Delivered>,
  uncertain = true,
): Promise<Delivered> {
  const at = `once.${key}`;
  const before = uncertain ? ((await memory.get(at)) as Mark | undefined) : undefined;
  if (before?.state === 'sent') return before.delivered;
  if (before?.state === 'sending')
    throw new HubError('103', 'an earlier attempt was cut off before the network answered');
  await memory.put(at, { state: 'sending' } satisfies Mark);
  const delivered = await send().catch(async (thrown: unknown) => {
    const error = toHubError(thrown);
    if (error.code !== '103') await memory.put(at, { state: 'refused' } satisfies Mark);
    throw error;
  });
  // Not awaited: until it is stored, the mark says "sending", and what arrived is not sent again.
  memory.put(at, { state: 'sent', delivered } satisfies Mark).catch(() => undefined);
  return delivered;
}
