/**
 * What the adapter delivers at this moment: which event a delivery key belongs to (`hub.atMostOnce` knows the key, `reconcile` needs
 * the event), and when all of it has ended.
 */
import { setImmediate } from 'node:timers/promises';
import type { MessageEvent } from '#protocol';
import { sleep } from '#service';
import type { Reconciled, Reconciling } from './abilities.contract.js';

export class UnderWay {
  /** Bounded by the number of events that are delivered at the same time. */
  private readonly events = new Map<string, MessageEvent>();
  /** Of the same deliveries. */
  private readonly ends = new Map<string, PromiseWithResolvers<void>>();

  constructor(private readonly adapter: Partial<Reconciling>) {}

  async during<T>(key: string, event: MessageEvent, deliver: () => Promise<T>): Promise<T> {
    const end = Promise.withResolvers<void>();
    this.events.set(key, event);
    this.ends.set(key, end);
    try {
      return await deliver();
    } finally {
      this.events.delete(key);
      this.ends.delete(key);
      end.resolve();
    }
  }

  /**
   * Resolves when all that is delivered now has ended, and what follows from it is remembered.
   * @param mostMs after this time it resolves in any case. @returns false: nothing is delivered now
   */
  async ended(mostMs: number): Promise<boolean> {
    if (this.ends.size === 0) return false;
    const stopWaiting = new AbortController();
    const all = Promise.all([...this.ends.values()].map(({ promise }) => promise));
    await Promise.race([all, sleep(mostMs, stopWaiting.signal)]);
    stopWaiting.abort();
    // The references are remembered in the turn in which the delivery ends.
    await setImmediate();
    return true;
  }

  /** undefined: the network cannot be asked about this delivery. */
  reconciling(key: string): (() => Promise<Reconciled>) | undefined {
    const event = this.events.get(key);
    if (!event || !this.adapter.reconcile) return undefined;
    return () => this.adapter.reconcile?.(event, key) ?? Promise.resolve({ found: 'unknown' });
  }
}
