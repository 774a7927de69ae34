/**
 * Which deliveries are first attempts. A network without idempotency must not get a message again that an earlier attempt
 * may have delivered, by this process or by another one.
 */
import type { BusMessage } from '#bus';
import { deliveryKey, networkOf, type DeliveryKey, type DurableEvent } from '#protocol';
import { LruCache } from '#service';

/** Deliveries that are remembered. */
const REMEMBERED = 50_000;

export class Attempts {
  /** Attempted by this process. By delivery key, not by sequence: a replay puts an event into the stream again. */
  private readonly attempted = new LruCache<DeliveryKey, true>({ max: REMEMBERED });
  /** An event stored until then may have been attempted by an earlier owner of the queue; ms since 1970. */
  private ownerSince = 0;

  /** By time, not by sequence: the server saves the state of a consumer late, and after a power cut it is out of date. */
  becomeOwner(at: Date): void {
    this.ownerSince = at.getTime();
  }

  /** Records an attempt. @returns true when an earlier attempt may have reached the network */
  begin(event: DurableEvent, message: BusMessage): boolean {
    const key = deliveryKey(networkOf(event.data.from.address), event.id);
    const isUncertain = message.storedAt.getTime() <= this.ownerSince || this.attempted.has(key);
    this.attempted.set(key, true);
    return isUncertain;
  }
}
