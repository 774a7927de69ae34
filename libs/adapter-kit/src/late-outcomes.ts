/**
 * Outcomes that a network tells later. A delivery may end as `stored` (code 08): the network has the message, its
 * recipient does not yet (an invitation is unanswered). What the outcome says about the event is kept until the adapter
 * reports the end.
 */
import type { OrderedPublisher } from '#bus';
import { networkOf, subjects, type EventId, type Network, type Outcome, type ResultCode } from '#protocol';
import { metrics, TurnsByKey } from '#service';
import type { Memory } from './memory.contract.js';

/** The event whose outcome comes late. Ids are unique within the network that gave them. */
export interface LateEvent {
  id: EventId;
  author: Network;
}

export type LateEnd = { outcome: 'delivered' } | { outcome: 'failed'; code: ResultCode; detail: string };

/** `ended`: the end was reported before the delivery itself had been, or again afterwards. */
type Kept = { waits: Outcome } | { ended: LateEnd };

export class LateOutcomes {
  /** One change after the other for each event: the end may be reported while the delivery is being recorded. */
  private readonly turns = new TurnsByKey();

  constructor(
    private readonly network: Network,
    private readonly memory: Pick<Memory, 'put' | 'get'>,
    private readonly publisher: Pick<OrderedPublisher, 'publish'>,
  ) {}

  /** Reports a delivery as stored; its end will come through `end`. Resolves when that is kept. */
  stored(outcome: Outcome): Promise<void> {
    const key = keyOf({ id: outcome.event, author: networkOf(outcome.from.address) });
    return this.turns.run(key, async () => {
      const kept = await this.read(key);
      if (kept && 'ended' in kept) return this.publish({ ...outcome, ...endOf(kept.ended) });
      await this.memory.put(key, { waits: outcome } satisfies Kept);
      await this.publish(outcome);
    });
  }

  /** Reports the end of a delivery that was stored. Once: what is reported again changes nothing. */
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
      JSON.stringify(outcome),
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
