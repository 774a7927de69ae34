/**
 * Outcomes that a network reports later. A delivery may end as `stored` (code 08): the network has the message, its
 * recipient does not yet (an invitation is unanswered). The outcome is kept in the bucket for 30 days, until the adapter
 * reports the final one.
 */
import type { OrderedPublisher } from '#bus';
import {
  encodeOutcome,
  networkOf,
  subjects,
  type EventId,
  type Network,
  type Outcome,
  type ResultCode,
} from '#protocol';
import { metrics, TurnsByKey } from '#service';
import type { Memory } from './memory.contract.js';

/** Names the event: an id is unique only in the network that gave it. */
export interface LateEvent {
  id: EventId;
  author: Network;
}

export type LateEnd = { outcome: 'delivered' } | { outcome: 'failed'; code: ResultCode; detail: string };

/** `ended`: the final outcome is known; it may have been reported before the delivery ended. */
type Kept = { waits: Outcome } | { ended: LateEnd };

export class LateOutcomes {
  /** Serialises changes of one event: the final outcome may be reported while the delivery is being recorded. */
  private readonly turns = new TurnsByKey();

  constructor(
    private readonly network: Network,
    private readonly memory: Pick<Memory, 'put' | 'get'>,
    private readonly publisher: Pick<OrderedPublisher, 'publish'>,
  ) {}

  /** Publishes the outcome `stored`; `end` will publish the final one. Resolves when both can survive a crash. */
  stored(outcome: Outcome): Promise<void> {
    const key = keyOf({ id: outcome.event, author: networkOf(outcome.from.address) });
    return this.turns.run(key, async () => {
      const kept = await this.read(key);
      if (kept && 'ended' in kept) return this.publish({ ...outcome, ...endOf(kept.ended) });
      await this.memory.put(key, { waits: outcome } satisfies Kept);
      await this.publish(outcome);
    });
  }

  /** Publishes the final outcome of a stored delivery. Repetitions have no effect. */
  end(event: LateEvent, end: LateEnd): Promise<void> {
    const key = keyOf(event);
    return this.turns.run(key, async () => {
      const kept = await this.read(key);
      if (kept && 'ended' in kept) return;
      if (kept) await this.publish({ ...kept.waits, ...endOf(end) });
      await this.memory.put(key, { ended: end } satisfies Kept);
    });
  }

  private async read(key: string): Promise<Kept | undefined> {
    return ((await this.memory.get(key)) as Kept | null | undefined) ?? undefined;
  }

  private async publish(outcome: Outcome): Promise<void> {
    await this.publisher.publish(
      subjects.report(this.network),
      encodeOutcome(outcome),
      `${networkOf(outcome.from.address)}:${outcome.event}:${outcome.outcome}`,
    );
    metrics.adapterOutcomes.inc({ network: this.network, code: outcome.code });
  }
}

function endOf(end: LateEnd): Pick<Outcome, 'outcome' | 'code' | 'detail' | 'at'> {
  const at = new Date().toISOString();
  return end.outcome === 'delivered'
    ? { outcome: 'delivered', code: '00', detail: undefined, at }
    : { outcome: 'failed', code: end.code, detail: end.detail.slice(0, 1000), at };
}

function keyOf({ id, author }: LateEvent): string {
  return `late.${author}.${id}`;
}
