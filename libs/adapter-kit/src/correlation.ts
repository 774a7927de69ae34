/**
 * Correlation of native and canonical ids, in the network's own bucket, for 30 days:
 * `m.<delivery key>` -> MessageRef, and `n.<digest of native id>` -> delivery key where the one does not follow from
 * the other. Recent ones are in memory too, so that an edit right behind its message never waits for a read.
 */
import { CanonicalAddresses, deliveryKey, eventId, isDeliveryKey, networkOf } from '#protocol';
import type { DeliveryKey, EventId, Network } from '#protocol';
import type { Bucket } from '#bus';
import { LruCache } from '#service';
import type { MessageRef } from './delivered.contract.js';

const RECENT = 20_000;

export class Correlation {
  private readonly refs = new LruCache<DeliveryKey, MessageRef>({ max: RECENT });
  private readonly natives = new LruCache<string, DeliveryKey>({ max: RECENT });
  /** On their way into the network: it may show them to us before it has answered. */
  private readonly underWay = new LruCache<string, true>({ max: RECENT });

  constructor(
    private readonly network: Network,
    private readonly bucket: Pick<Bucket, 'put' | 'get'>,
    /** Messages that were stored under another spelling of an address are those of the same person. */
    private readonly canonical = new CanonicalAddresses(() => undefined),
  ) {}

  /**
   * Resolves when both directions are stored.
   * @param nativeIds those that others may refer to
   * @param of the message that they are found as: of an edit, the message that it changed
   */
  async store(ref: MessageRef, nativeIds: string[], of: DeliveryKey = keyOf(ref)): Promise<void> {
    const key = keyOf(ref);
    this.refs.set(key, ref);
    const others = nativeIds.filter((native) => native !== of && this.ownKey(native) !== of);
    for (const native of others) this.natives.set(native, of);
    await Promise.all([
      this.bucket.put(`m.${key}`, ref),
      ...others.map((native) => this.bucket.put(this.nativeKey(native), of)),
    ]);
  }

  /** @param author the network that gave the id: two networks may give the same one */
  find(id: EventId, author: Network): Promise<MessageRef | undefined> {
    return this.byKey(deliveryKey(author, id));
  }

  /** Three ways a native id can name a message: as told by the network, as ours reused, as the origin of one of ours. */
  async findNative(native: string): Promise<MessageRef | undefined> {
    const recent = this.natives.get(native);
    if (recent) return this.byKey(recent);
    const own = this.ownKey(native);
    const known = this.refs.get(own) ?? (isDeliveryKey(native) ? this.refs.get(native) : undefined);
    if (known) return known;
    const told = (await this.bucket.get(this.nativeKey(native))) as DeliveryKey | undefined;
    if (told) return this.byKey(told);
    return (isDeliveryKey(native) ? await this.byKey(native) : undefined) ?? this.byKey(own);
  }

  /** A message is about to be delivered under this key. */
  announce(key: DeliveryKey): void {
    this.underWay.set(key, true);
  }

  /** Is that the native id of something that we delivered here ourselves? Then its coming in is an echo. */
  isEcho(native: string): boolean {
    if (this.underWay.has(native)) return true;
    const key = this.natives.get(native) ?? (isDeliveryKey(native) ? native : undefined);
    const ref = key === undefined ? undefined : this.refs.get(key);
    return ref !== undefined && networkOf(ref.author) !== this.network;
  }

  private async byKey(key: DeliveryKey): Promise<MessageRef | undefined> {
    const recent = this.refs.get(key);
    if (recent) return recent;
    const stored = (await this.bucket.get(`m.${key}`)) as MessageRef | undefined;
    if (!stored) return undefined;
    const { canonical } = this;
    const ref = { ...stored, author: canonical.orSame(stored.author), peer: canonical.orSame(stored.peer) };
    this.refs.set(key, ref);
    return ref;
  }

  private ownKey(native: string): DeliveryKey {
    return deliveryKey(this.network, eventId(this.network, 'message', native));
  }

  private nativeKey(native: string): string {
    return `n.${eventId(this.network, 'native', native)}`;
  }
}

/** Under which a message is found again. */
export function keyOf({ author, id }: Pick<MessageRef, 'author' | 'id'>): DeliveryKey {
  return deliveryKey(networkOf(author), id);
}
