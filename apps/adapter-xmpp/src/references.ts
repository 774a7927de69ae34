/**
 * Which message a stanza id means. Ids of clients hold within one stream only (RFC 6120 §8.1.3); corrections, reactions and
 * markers have ids too, and clients name those as well: a correction stands for the message that it corrects, and "displayed"
 * for anything else means the last message before it.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Element } from '@xmpp/component';
import type { Hub, MessageRef } from '#adapter-kit';
import { deliveryKey, networkOf, type Address, type EventId, type Network } from '#protocol';
import { LruCache } from '#service';
import { queuedAs } from './server-queue.js';
import { NS } from './namespaces.js';
import type { StanzaIds } from './to-canonical.js';

/** Who writes to whom, as bare JIDs. */
export interface Thread {
  sender: string;
  ghost: string;
}

/** What a stanza that is no message stands for, as it is kept. */
interface Meaning {
  id: EventId;
  author: Network;
  /** version: a correction of that message. after: something that came after it. */
  as: 'version' | 'after';
}

const KEPT = 20_000;
/** Between the message before and the id proper, in the id of a stanza that is kept nowhere. */
const AFTER = '~';

export class References {
  /** The last message that a ghost said to a subscriber. Lost in a restart, after which the next message sets it again. */
  private readonly last = new LruCache<string, EventId>({ max: KEPT });
  /** Of a subscriber's own message: what the ghost had said before. */
  private readonly before = new LruCache<EventId, EventId>({ max: KEPT });

  constructor(private readonly hub: Hub) {}

  /** A message of a ghost is shown to a subscriber. */
  shown(ghost: Address, subscriber: Address, id: EventId): void {
    this.last.set(`${ghost} ${subscriber}`, id);
  }

  /** A message of a subscriber went to a ghost. */
  said(subscriber: Address, ghost: Address, id: EventId): void {
    const last = this.last.get(`${ghost} ${subscriber}`);
    if (last) this.before.set(id, last);
  }

  /** An id for a stanza of a ghost that is no message, which tells what message was before it. */
  idAfter(ghost: Address, subscriber: Address, id: string): string {
    const last = this.last.get(`${ghost} ${subscriber}`);
    return last === undefined ? id : `${deliveryKey(networkOf(ghost), last)}${AFTER}${id}`;
  }

  /** A ghost's correction goes out under this id. */
  corrects(stanzaId: string, message: MessageRef): Promise<void> {
    return this.keep(stanzaId, versionOf(message));
  }

  /** A ghost's reaction or retraction goes out under this id. */
  async follows(stanzaId: string, ghost: Address, subscriber: Address): Promise<void> {
    const last = this.last.get(`${ghost} ${subscriber}`);
    if (last) await this.keep(stanzaId, { id: last, author: networkOf(ghost), as: 'after' });
  }

  /** A subscriber's correction came under these ids. */
  async correctedBy(thread: Thread, ids: string[], message: MessageRef): Promise<void> {
    await Promise.all(ids.map((id) => this.keep(nameIn(thread, id), versionOf(message))));
  }

  /** The message that is answered, changed or reacted to: the subscriber's own, or one that a ghost sent to them. */
  async find(thread: Thread, subscriber: Address, id: string): Promise<MessageRef | undefined> {
    const { ref, meaning } = await this.lookUp(thread, id);
    const found =
      ref ?? (meaning?.as === 'version' ? await this.hub.find(meaning.id, meaning.author) : undefined);
    return found && concerns(found, subscriber) ? found : undefined;
  }

  /** Of a mark up to an id: the last message of the ghost that it covers. */
  async lastUpTo(
    thread: Thread,
    subscriber: Address,
    ghost: Address,
    id: string,
  ): Promise<MessageRef | undefined> {
    const { ref, meaning } = await this.lookUp(thread, id);
    const known = (found: EventId | undefined, author = networkOf(ghost)) =>
      found === undefined ? undefined : this.hub.find(found, author);
    const named = ref ?? (await known(meaning?.id ?? idBefore(id), meaning?.author));
    const found = named?.author === subscriber ? await known(this.before.get(named.id)) : named;
    return found && found.author !== subscriber && concerns(found, subscriber) ? found : undefined;
  }

  private async lookUp(
    thread: Thread,
    id: string,
  ): Promise<{ ref?: MessageRef | undefined; meaning?: Meaning | undefined }> {
    const ref = (await this.hub.findNative(nameIn(thread, id))) ?? (await this.hub.findNative(id));
    if (ref) return { ref };
    return { meaning: (await this.kept(nameIn(thread, id))) ?? (await this.kept(id)) };
  }

  private keep(name: string, meaning: Meaning): Promise<void> {
    return this.hub.recent.put(keyOf(name), meaning);
  }

  private async kept(name: string): Promise<Meaning | undefined> {
    return (await this.hub.recent.get(keyOf(name))) as Meaning | undefined;
  }
}

/** A client may use an id again towards somebody else. */
export function nameIn({ sender, ghost }: Thread, id: string): string {
  return `${sender} ${ghost} ${id}`;
}

/**
 * The identity of a message. An origin-id is unique for its sender (XEP-0359). Any other id is unique within its stream: the
 * server's link module says which stream that was. Where nobody does, each stanza is a message of its own: servers hand a
 * stanza over once.
 */
export function identityOf(thread: Thread, ids: StanzaIds, stanza: Element): string {
  if (ids.origin !== undefined) return nameIn(thread, ids.origin);
  const stream = stanza.getChild('session', NS.link)?.attrs['id'];
  if (ids.id !== undefined && stream) return `${nameIn(thread, ids.id)} ${stream}`;
  return `${nameIn(thread, ids.id ?? '')} ${queuedAs(stanza) ?? randomUUID()}`;
}

function versionOf({ id, author }: MessageRef): Meaning {
  return { id, author: networkOf(author), as: 'version' };
}

function concerns({ author, peer }: MessageRef, subscriber: Address): boolean {
  return author === subscriber || peer === subscriber;
}

function idBefore(id: string): EventId | undefined {
  const at = id.indexOf(AFTER);
  return at < 8 ? undefined : (id.slice(0, at) as EventId);
}

function keyOf(name: string): string {
  return `means.${createHash('sha256').update(name).digest('base64url')}`;
}
