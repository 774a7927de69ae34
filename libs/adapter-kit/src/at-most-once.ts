/**
 * Sends to a network without idempotency at most once. A mark is stored before the attempt. It is replaced by "refused" only
 * when the network certainly did not accept the message. If a later attempt finds the mark "sending", the earlier attempt
 * may have arrived. It is the same when the network does not answer. The network is asked then, where it can be (`reconcile`); otherwise nothing is sent, and the outcome is 103
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
  const store = (mark: Mark) => memory.put(at, mark);
  const before = uncertain ? markIn(await memory.get(at)) : undefined;
  if (before?.state === 'sent') return before.delivered;
  if (before?.state === 'sending') {
    const found = await ask(
      reconcile,
      new HubError('103', 'an earlier attempt was cut off before the answer'),
    );
    if (found) {
      await store({ state: 'sent', delivered: found });
      return found;
    }
  }
  await store({ state: 'sending' });
  const delivered = await send().catch(async (thrown: unknown) => {
    const error = toHubError(thrown);
    if (error.code === '103') {
      const found = await ask(reconcile, error);
      if (found) return found;
    }
    await store({ state: 'refused' });
    // After 103 the network says that it does not have the message: it is sent again.
    throw error.code === '103' ? new HubError('91', error.detail, { cause: error }) : error;
  });
  // Not awaited. After a crash before it is stored the mark is still "sending", so that nothing is sent again.
  runInBackground('at-most-once mark', log, () => store({ state: 'sent', delivered }));
  return delivered;
}

/**
 * @returns undefined: the network certainly does not have the message
 * @throws `unknown` when the network cannot be asked or cannot say, and whatever `reconcile` throws
 */
async function ask(
  reconcile: (() => Promise<Reconciled>) | undefined,
  unknown: HubError,
): Promise<Delivered | undefined> {
  const answer = (await reconcile?.()) ?? { found: 'unknown' };
  if (answer.found === 'unknown') throw unknown;
  return answer.found === 'sent' ? answer.delivered : undefined;
}

/** An unreadable mark counts as "sending": the attempt may have arrived, so nothing is sent again. */
function markIn(stored: unknown): Mark | undefined {
  if (stored === undefined) return undefined;
  return Mark.safeParse(stored).data ?? { state: 'sending' };
}
