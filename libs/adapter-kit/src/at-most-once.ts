/**
 * Sends to a network without idempotency at most once. A mark is stored before the attempt. It is replaced by "refused" only
 * when the network certainly did not accept the message. If a later attempt finds the mark "sending", the earlier attempt
 * may have arrived. It is the same when the network does not answer. The network is asked then, where it can be (`reconcile`);
 * otherwise nothing is sent, and the outcome is 103 (unknown).
 *
 * A process that stood still (a paused machine, one that is out of memory) goes on with what it had read, although another process
 * has taken its place meanwhile and delivered that. So the mark of a first attempt is stored only if there is none.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { HubError, toHubError } from '#protocol';
import { runInBackground, type Log } from '#service';
import type { Reconciled } from './abilities.contract.js';
import type { Delivered } from './delivered.contract.js';
import type { Memory } from './memory.contract.js';

const Mark = z.discriminatedUnion('state', [
  /** `attempt`: which one. Absent in marks of earlier versions. */
  z.object({ state: z.literal('sending'), attempt: z.string().optional() }),
  z.object({ state: z.literal('refused') }),
  z.object({ state: z.literal('sent'), delivered: z.custom<Delivered>(isObject) }),
]);
type Mark = z.infer<typeof Mark>;
type Sending = Extract<Mark, { state: 'sending' }>;

/** The memory of the marks. */
export interface MarkMemory extends Pick<Memory, 'put' | 'change'> {
  /**
   * Stores a value if the key never had one, in order with `put`.
   * @returns false: it had one. Also if that is this value itself, and the answer of the bus was lost
   */
  putFirst(key: string, value: unknown): Promise<boolean>;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/**
 * @param uncertain false: as far as this process knows, this is the first attempt
 * @param reconcile asks the network about an interrupted attempt
 * @throws HubError 91 when it is not the first attempt after all: the event comes again, if this process still is to deliver it
 */
export async function sendAtMostOnce(
  memory: MarkMemory,
  log: Log,
  key: string,
  send: () => Promise<Delivered>,
  uncertain = true,
  reconcile?: () => Promise<Reconciled>,
): Promise<Delivered> {
  const at = `once.${key}`;
  const ours = { state: 'sending', attempt: randomUUID() } as const;
  const store = (mark: Mark) => memory.put(at, mark);
  const before = uncertain ? await mark(memory, at, ours) : await markFirst(memory, at, ours);
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
    await store(ours);
  }
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

/** @returns the mark of an earlier attempt that is in the way. undefined: our mark is stored */
async function mark(memory: MarkMemory, at: string, ours: Sending): Promise<Mark | undefined> {
  let before: Mark | undefined;
  await memory.change(at, (stored) => {
    const found = markIn(stored);
    before = found?.state === 'refused' || isSame(found, ours) ? undefined : found;
    return Promise.resolve(before ? undefined : ours);
  });
  return before;
}

/** @throws HubError 91 when an attempt is in the way: of a process that has taken the place of this one, or before a replay */
async function markFirst(memory: MarkMemory, at: string, ours: Sending): Promise<undefined> {
  if (await memory.putFirst(at, ours)) return;
  if (await mark(memory, at, ours)) throw new HubError('91', 'another process has attempted this delivery');
}

function isSame(found: Mark | undefined, ours: Sending): boolean {
  return found?.state === 'sending' && found.attempt === ours.attempt;
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
