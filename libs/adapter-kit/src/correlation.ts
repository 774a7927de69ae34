/**
 * Maps native ids to canonical ids and back, in the network's own bucket, for 30 days:
 * `m.<delivery key>` -> MessageRef, and `n.<digest of native id>` -> delivery key, unless the native id is the delivery key or
 * the event id is derived from it. A message whose reference says no more than its stored event or its outcome has no entry: it
 * is read from there (`stored-messages.ts`). An entry says more, or something newer, so it comes first. Recent references are
 * cached, so that an edit right after its message needs no read.
 */
import {
  CanonicalAddresses,
  deliveryKey,
  direct,
  eventId,
  isDeliveryKey,
  networkOf,
  withAddresses,
  type Address,
  type DeliveryKey,
  type EventId,
  type Network,
} from '#protocol';
import type { Bucket } from '#bus';
import { LruCache } from '#service';
import type { MessageRef } from './delivered.contract.js';
import { changeSaidBy } from './native-pieces.js';
import {
  changedByEvent,
  nativeDigest,
  referenceInEvent,
  referenceInOutcome,
  type StoredRecords,
} from './stored-messages.js';

const RECENT = 20_000;

export class Correlation {
  private readonly refs = new LruCache<DeliveryKey, MessageRef>({ max: RECENT });
  private readonly natives = new LruCache<string, DeliveryKey>({ max: RECENT });
  /** Delivered, and their outcomes are not stored yet. */
  private readonly untold = new LruCache<DeliveryKey, true>({ max: RECENT });
  /** Being delivered: the network may send us the message as an echo before it answers our request. */
  private readonly underWay = new LruCache<string, true>({ max: RECENT });

  constructor(
    private readonly network: Network,
    private readonly bucket: Pick<Bucket, 'put' | 'get'>,
    /** Makes addresses of stored references canonical: they may have been stored under another spelling. */
    private readonly canonical = new CanonicalAddresses(() => undefined),
    /** The events and outcomes of this network. Absent: they cannot be read, so every reference has an entry. */
    private readonly records?: StoredRecords,
  ) {}

  /** Whether events and outcomes are read as references, so that those that are stored to be found need no entry. */
  get readsRecords(): boolean {
    return this.records !== undefined;
  }

  /** Found from now on by this process. Every other process reads it from its event or outcome. */
  remember(ref: MessageRef, nativeIds: string[] = []): void {
    const key = keyOf(ref);
    this.refs.set(key, ref);
    for (const native of this.others(nativeIds, key)) this.natives.set(native, key);
  }

  /** The same for a message whose outcome is not stored yet: a crash before it is stored loses the reference. */
  rememberUntold(ref: MessageRef): void {
    this.untold.set(keyOf(ref), true);
    this.remember(ref, ref.native);
  }

  /** Whether the outcome that is to be the reference of this message is not stored yet. */
  isUntold(key: DeliveryKey): boolean {
    return this.untold.has(key);
  }

  /** The outcome that is the reference of this message is stored. */
  told(ref: MessageRef): void {
    this.untold.delete(keyOf(ref));
  }

  /** For an outcome that was not stored on its own subject, because the bus had one already: stores an entry unless there is a record. */
  async storeUnlessRecorded(ref: MessageRef): Promise<void> {
    if ((await this.stored(keyOf(ref))) === undefined) await this.store(ref, ref.native);
  }

  /**
   * Resolves when both directions are stored.
   * @param nativeIds native ids under which the message is found
   * @param of the message that they lead to. For an edit: the message that it changed
   */
  async store(ref: MessageRef, nativeIds: string[], of: DeliveryKey = keyOf(ref)): Promise<void> {
    const key = keyOf(ref);
    this.refs.set(key, ref);
    const others = this.others(nativeIds, of);
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

  /**
   * The message that a report to a subscriber of this network is about: their message, or the one that their edit, recall or
   * reaction was to change.
   */
  async findReported(id: EventId): Promise<MessageRef | undefined> {
    const message = await this.find(id, this.network);
    if (message) return message;
    const event = await this.records?.event(deliveryKey(this.network, id) as DeliveryKey & EventId);
    const changed = event && changedByEvent(event);
    return changed === undefined ? undefined : this.find(changed, this.network);
  }

  /** A native id can be one that the network assigned, our idempotency key, or the id of a message that this network sent. */
  async findNative(native: string): Promise<MessageRef | undefined> {
    const recent = this.natives.get(native);
    if (recent) return this.byKey(recent);
    const own = this.ownKey(native);
    const known = this.refs.get(own) ?? (isDeliveryKey(native) ? this.refs.get(native) : undefined);
    if (known) return known;
    const [assigned, outcome] = await Promise.all([
      this.bucket.get(this.nativeKey(native)) as Promise<DeliveryKey | null | undefined>,
      this.records?.outcomeWith(nativeDigest(this.network, native)),
    ]);
    if (assigned) return this.byKey(assigned);
    return (
      (await this.toldBy(outcome, native)) ??
      (isDeliveryKey(native) ? await this.byKey(native) : undefined) ??
      (await this.byKey(own)) ??
      this.toldBy(await this.records?.certainOutcomeWith(nativeDigest(this.network, native)), native)
    );
  }

  private async toldBy(outcome: Uint8Array | undefined, native: string): Promise<MessageRef | undefined> {
    const told = outcome && referenceInOutcome(outcome);
    // By its key: an entry may say something newer.
    return told?.native.includes(native) ? this.byKey(keyOf(told)) : undefined;
  }

  /**
   * The message of another network that became this native message here. A change of a message is found where the network
   * uses our idempotency key as its id; elsewhere the native id of a change leads to the changed message, which is no answer.
   */
  async findDelivered(native: string): Promise<MessageRef | undefined> {
    const ref =
      (isDeliveryKey(native) ? await this.byKey(native) : undefined) ?? (await this.findNative(native));
    return ref && networkOf(ref.author) !== this.network && ref.native.includes(native) ? ref : undefined;
  }

  /** The event that became this native message here: a message, or an edit or recall of one that was sent in words. */
  async findCause(native: string): Promise<MessageRef | undefined> {
    const ref = await this.findDelivered(native);
    const change = ref && changeSaidBy(ref, native);
    return change === undefined ? ref : ((await this.byKey(change)) ?? ref);
  }

  /** Call before the delivery of a message: from now on its native echo is recognised. */
  announce(key: DeliveryKey): void {
    this.underWay.set(key, true);
  }

  /** Whether this is the native id of a message that the kit delivered to this network, so that receiving it is an echo. */
  isEcho(native: string): boolean {
    if (this.underWay.has(native)) return true;
    const key = this.natives.get(native) ?? (isDeliveryKey(native) ? native : undefined);
    const ref = key === undefined ? undefined : this.refs.get(key);
    return ref !== undefined && networkOf(ref.author) !== this.network;
  }

  private async byKey(key: DeliveryKey): Promise<MessageRef | undefined> {
    const recent = this.refs.get(key);
    if (recent) return recent;
    const ref = await this.stored(key);
    if (ref) this.refs.set(key, ref);
    return ref;
  }

  /** As the bus has it. */
  private async stored(key: DeliveryKey): Promise<MessageRef | undefined> {
    const [entry, event, outcome] = await Promise.all([
      this.bucket.get(`m.${key}`) as Promise<StoredRef | null | undefined>,
      // The ids of this network's messages are their keys.
      this.records?.event(key as DeliveryKey & EventId),
      this.records?.outcomeOf(key),
    ]);
    const told = (event && referenceInEvent(event)) ?? (outcome && referenceInOutcome(outcome));
    const found: StoredRef | undefined = entry ?? told ?? (await this.missed(key));
    return found && this.readable(found);
  }

  /** Without an outcome a message would be delivered again, so the leader of the stream is asked before that is decided. */
  private async missed(key: DeliveryKey): Promise<MessageRef | undefined> {
    const outcome = await this.records?.certainOutcomeOf(key);
    return outcome && referenceInOutcome(outcome);
  }

  private readable({ peer, ...stored }: StoredRef): MessageRef {
    const respelt = (address: Address) => this.canonical.orSame(address);
    const within = stored.within ?? direct(stored.author, peer ?? stored.author);
    return { ...stored, author: respelt(stored.author), within: withAddresses(within, respelt) };
  }

  private ownKey(native: string): DeliveryKey {
    return deliveryKey(this.network, eventId(this.network, 'message', native));
  }

  private nativeKey(native: string): string {
    return `n.${nativeDigest(this.network, native)}`;
  }

  /** Native ids that do not lead to the message by themselves. */
  private others(nativeIds: string[], of: DeliveryKey): string[] {
    return nativeIds.filter((native) => native !== of && this.ownKey(native) !== of);
  }
}

/** As it is in the bucket: references that versions before groups stored name the other person instead of the conversation. */
type StoredRef = Omit<MessageRef, 'within'> & { within?: MessageRef['within']; peer?: Address };

/** The key under which a message is stored. */
export function keyOf({ author, id }: Pick<MessageRef, 'author' | 'id'>): DeliveryKey {
  return deliveryKey(networkOf(author), id);
}
