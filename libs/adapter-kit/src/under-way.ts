/** Which event a delivery key belongs to while the adapter delivers it: `hub.atMostOnce` knows the key, `reconcile` needs the event. */
import type { MessageEvent } from '#protocol';
import type { Reconciled, Reconciling } from './abilities.contract.js';

export class UnderWay {
  /** Bounded by the number of events that are delivered at the same time. */
  private readonly events = new Map<string, MessageEvent>();

  constructor(private readonly adapter: Partial<Reconciling>) {}

  async during<T>(key: string, event: MessageEvent, deliver: () => Promise<T>): Promise<T> {
    this.events.set(key, event);
    try {
      return await deliver();
    } finally {
      this.events.delete(key);
    }
  }

  /** undefined: the network cannot be asked about this delivery. */
  reconciling(key: string): (() => Promise<Reconciled>) | undefined {
    const event = this.events.get(key);
    if (!event || !this.adapter.reconcile) return undefined;
    return () => this.adapter.reconcile?.(event, key) ?? Promise.resolve({ found: 'unknown' });
  }
}
