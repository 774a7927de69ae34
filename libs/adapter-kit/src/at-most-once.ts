/**
 * Sending into a network that cannot recognise a message that it was given before. A mark is stored before the attempt
 * and taken away only when the network said for certain that it did not take the message; where a mark is found, a
 * former attempt may have arrived, and nothing is sent again: the sender is told that the outcome is unknown.
 */
import { z } from 'zod';
import { HubError, toHubError } from '#protocol';
import { runInBackground, type Log } from '#service';
import type { Delivered } from './delivered.contract.js';
import type { Memory } from './memory.contract.js';

const Mark = z.discriminatedUnion('state', [
  z.object({ state: z.literal('sending') }),
  z.object({ state: z.literal('refused') }),
  z.object({ state: z.literal('sent'), delivered: z.custom<Delivered>(isObject) }),
]);
type Mark = z.infer<typeof Mark>;

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** @param uncertain false: this is certainly the first attempt, so that nothing need be looked up */
export async function sendAtMostOnce(
  memory: Memory,
  log: Log,
  key: string,
  send: () => Promise<Delivered>,
  uncertain = true,
): Promise<Delivered> {
  const at = `once.${key}`;
  const before = uncertain ? markIn(await memory.get(at)) : undefined;
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
  runInBackground('mark of what was sent', log, () =>
    memory.put(at, { state: 'sent', delivered } satisfies Mark),
  );
  return delivered;
}

/** What cannot be read as a mark may be of an attempt that arrived: nothing is sent again. */
function markIn(stored: unknown): Mark | undefined {
  if (stored === undefined) return undefined;
  return Mark.safeParse(stored).data ?? { state: 'sending' };
}
