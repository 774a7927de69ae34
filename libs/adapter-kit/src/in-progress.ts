/** Deliveries of one partition that are running or ending, by sequence, and a way to wait until there are none. */
import type { BusMessage } from '#bus';
import type { Network } from '#protocol';
import { metrics } from '#service';
import type { Held } from './conversation-queue.js';

export class InProgress {
  /** Each with the newest handle: only that one can be acknowledged. */
  private readonly bySequence = new Map<number, Held>();
  /** Present while somebody waits until nothing is in progress. */
  private emptied: PromiseWithResolvers<void> | undefined;

  constructor(private readonly network: Network) {}

  begin(held: Held): void {
    this.bySequence.set(held.message.seq, held);
    metrics.adapterHeld.inc({ network: this.network });
  }

  end(seq: number): void {
    if (this.bySequence.delete(seq)) metrics.adapterHeld.dec({ network: this.network });
    if (this.bySequence.size === 0) this.stopWaiting();
  }

  /** The bus has delivered the event again. @returns false if it is not in progress */
  renew(message: BusMessage): boolean {
    const held = this.bySequence.get(message.seq);
    if (held) held.message = message;
    return held !== undefined;
  }

  find(seq: number): Held | undefined {
    return this.bySequence.get(seq);
  }

  reportWorking(): void {
    for (const held of this.bySequence.values()) held.message.working();
  }

  /** Resolves when nothing is in progress, or `stopWaiting` is called. */
  idle(): Promise<void> {
    if (this.bySequence.size === 0) return Promise.resolve();
    this.emptied ??= Promise.withResolvers<void>();
    return this.emptied.promise;
  }

  stopWaiting(): void {
    this.emptied?.resolve();
    this.emptied = undefined;
  }
}
