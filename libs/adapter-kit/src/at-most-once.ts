/**
 * Sends to a network without idempotency at most once. A mark is stored before the attempt. It is replaced by "refused" only
 * when the network certainly did not accept the message. If a later attempt finds the mark "sending", the earlier attempt
 * may have arrived: the network is asked, where it can be (`reconcile`); otherwise nothing is sent, and the outcome is 103
 * (unknown).
 */
import { z } from 'zod';
import { HubError, toHubError } from '#protocol';
import { runInBackground, type Log } from '#service';
import type { Reconciled } from './abilities.contract.js';
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

/**
 * @param uncertain false: this is certainly the first attempt, so no mark is looked up
 * @param reconcile asks the network about an interrupted attempt
 */
export async function sendAtMostOnce(
  memory: Pick<Memory, 'get' | 'put'>,
  log: Log,
  key: string,
  send: () => Promise<Delivered>,
  uncertain = true,
  reconcile?: () => Promise<Reconciled>,
): Promise<Delivered> {
  const at = `once.${key}`;
  const before = uncertain ? markIn(await memory.get(at)) : undefined;
  if (before?.state === 'sent') return before.delivered;
  if (before?.state === 'sending') {
    const answer = (await reconcile?.()) ?? { found: 'unknown' };
    if (answer.found === 'unknown')
      throw new HubError('103', 'an earlier attempt was cut off before the network answered');
    if (answer.found === 'sent') {
      await memory.put(at, { state: 'sent', delivered: answer.delivered } satisfies Mark);
      return answer.delivered;
    }
  }
  await memory.put(at, { state: 'sending' } satisfies Mark);
  const delivered = await send().catch(async (thrown: unknown) => {
    const error = toHubError(thrown);
    if (error.code !== '103') await memory.put(at, { state: 'refused' } satisfies Mark);
    throw error;
  });
  // Not awaited. After a crash before it is stored the mark is still "sending", so that nothing is sent again.
  runInBackground('at-most-once mark', log, () =>
    memory.put(at, { state: 'sent', delivered } satisfies Mark),
  );
  return delivered;
}

/** An unreadable mark counts as "sending": the attempt may have arrived, so nothing is sent again. */
function markIn(stored: unknown): Mark | undefined {
  if (stored === undefined) return undefined;
  return Mark.safeParse(stored).data ?? { state: 'sending' };
}
