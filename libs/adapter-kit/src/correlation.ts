/**
 * Correlation of native and canonical ids, in the network's own bucket, for 30 days:
 * `m.<canonical id>` -> MessageRef, and `n.<digest of native id>` -> canonical id where the one does not follow from
 * the other. Recent ones are in memory too, so that an edit right behind its message never waits for a read.
 */
import { LRUCache } from 'lru-cache';
import { eventId, networkOf, type EventId, type Network } from '#protocol';
import type { Bucket } from '#bus';
import type { MessageRef } from './adapter.contract.js';

const RECENT = 20_000;

export class Correlation {
  private readonly refs = new LRUCache<EventId, MessageRef>({ max: RECENT });
  private readonly natives = new LRUCache<string, EventId>({ max: RECENT });
  /** On their way into the network: it may show them to us before it has answered. */
  private readonly underWay = new LRUCache<string, true>({ max: RECENT });

  constructor(
    private readonly network: Network,
    private readonly bucket: Pick<Bucket, 'put' | 'get'>,
  ) {}

  /**
   * Resolves when both directions are stored.
   * @param nativeIds those that others may refer to
   * @param of the message that they are found as: of an edit, the message that it changed
   */
  async store(ref: MessageRef, nativeIds: string[], of: EventId = ref.id): Promise<void> {
    this.refs.set(ref.id, ref);
    const others = nativeIds.filter((native) => native !== of && this.ownId(native) !== of);
    for (const native of others) this.natives.set(native, of);
    await Promise.all([
      this.bucket.put(`m.${ref.id}`, ref),
      ...others.map((native) => this.bucket.put(this.nativeKey(native), of)),
    ]);
  }

  async find(id: EventId): Promise<MessageRef | undefined> {
    const recent = this.refs.get(id);
    if (recent) return recent;
    const stored = (await this.bucket.get(`m.${id}`)) as MessageRef | undefined;
    if (stored) this.refs.set(id, stored);
    return stored;
  }

  /** Three ways a native id can name a message: as told by the network, as ours reused, as the origin of one of ours. */
  async findNative(native: string): Promise<MessageRef | undefined> {
    const recent = this.natives.get(native);
    if (recent) return this.find(recent);
    const own = this.ownId(native);
    const known = this.refs.get(own) ?? (isEventId(native) ? this.refs.get(native) : undefined);
    if (known) return known;
    const told = (await this.bucket.get(this.nativeKey(native))) as EventId | undefined;
    if (told) return this.find(told);
    return (isEventId(native) ? await this.find(native) : undefined) ?? this.find(own);
  }

  /** A message is about to be delivered under this id. */
  announce(id: EventId): void {
    this.underWay.set(id, true);
  }

  /** Is that the native id of something that we delivered here ourselves? Then its coming in is an echo. */
  isEcho(native: string): boolean {
    if (this.underWay.has(native)) return true;
    const id = this.natives.get(native) ?? (isEventId(native) ? native : undefined);
    const ref = id === undefined ? undefined : this.refs.get(id);
    return ref !== undefined && networkOf(ref.author) !== this.network;
  }

  private ownId(native: string): EventId {
    return eventId(this.network, 'message', native);
  }

  private nativeKey(native: string): string {
    return `n.${eventId(this.network, 'native', native)}`;
  }
}

function isEventId(text: string): text is EventId {
  return /^[A-Za-z0-9_-]{27}$/.test(text);
}
