/**
 * Resolves a stanza id to the message that it refers to. Client ids are unique within one stream only (RFC 6120 §8.1.3).
 * Clients also refer to the ids of corrections, reactions and markers: the id of a correction resolves to the corrected
 * message, and a "displayed" marker for any other non-message resolves to the last message before it.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Element } from '@xmpp/component';
import type { Hub, MessageRef } from '#adapter-kit';
import { deliveryKey, networkOf, recipientIn, type Address, type EventId, type Network } from '#protocol';
import { LruCache } from '#service';
import { queuedAs } from './server-queue.js';
import { NS } from './namespaces.js';
import type { StanzaIds } from './to-canonical.js';

/** Bare JIDs of the sender and of the ghost to whom they write. */
export interface Thread {
  sender: string;
  ghost: string;
}

/** Stored entry: the message to which the id of a non-message stanza resolves. */
interface Meaning {
  id: EventId;
  author: Network;
  /** version: the stanza corrects that message. after: the stanza was sent after that message. */
  as: 'version' | 'after';
}

/** Maximum number of entries in each cache. */
const KEPT = 20_000;
/** Separator in ids of stanzas that are not stored: `<key of the preceding message>~<id>`. */
const AFTER = '~';

export class References {
  /** Last message from a ghost to a subscriber. Not persistent: after a restart the next message sets it. */
  private readonly last = new LruCache<string, EventId>({ max: KEPT });
  /** Key: a message of a subscriber. Value: the last message of the ghost before it. */
  private readonly before = new LruCache<EventId, EventId>({ max: KEPT });

  constructor(private readonly hub: Hub) {}

  /** Records that a message of a ghost was delivered to a subscriber. */
  shown(ghost: Address, subscriber: Address, id: EventId): void {
    this.last.set(`${ghost} ${subscriber}`, id);
  }

  /** Records that a subscriber sent a message to a ghost. */
  said(subscriber: Address, ghost: Address, id: EventId): void {
    const last = this.last.get(`${ghost} ${subscriber}`);
    if (last) this.before.set(id, last);
  }

  /** Builds the id of a non-message stanza from a ghost, with the key of the preceding message in it. */
  idAfter(ghost: Address, subscriber: Address, id: string): string {
    const last = this.last.get(`${ghost} ${subscriber}`);
    return last === undefined ? id : `${deliveryKey(networkOf(ghost), last)}${AFTER}${id}`;
  }

  /** Records the stanza id of a ghost's correction. */
  corrects(stanzaId: string, message: MessageRef): Promise<void> {
    return this.keep(stanzaId, versionOf(message));
  }

  /** Records the stanza id of a ghost's reaction or retraction. */
  async follows(stanzaId: string, ghost: Address, subscriber: Address): Promise<void> {
    const last = this.last.get(`${ghost} ${subscriber}`);
    if (last) await this.keep(stanzaId, { id: last, author: networkOf(ghost), as: 'after' });
  }

  /** Records the ids of a subscriber's correction. */
  async correctedBy(thread: Thread, ids: string[], message: MessageRef): Promise<void> {
    await Promise.all(ids.map((id) => this.keep(nameIn(thread, id), versionOf(message))));
  }

  /** Finds the target of a reply, change or reaction: a message of the subscriber, or one that a ghost sent to them. */
  async find(thread: Thread, subscriber: Address, id: string): Promise<MessageRef | undefined> {
    const { ref, meaning } = await this.lookUp(thread, id);
    const found =
      ref ?? (meaning?.as === 'version' ? await this.hub.find(meaning.id, meaning.author) : undefined);
    return found && concerns(found, subscriber) ? found : undefined;
  }

  /** Finds the last message of the ghost that a marker up to `id` covers. */
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

/** Key of a client id. It includes both parties because a client may reuse an id with another recipient. */
export function nameIn({ sender, ghost }: Thread, id: string): string {
  return `${sender} ${ghost} ${id}`;
}

/**
 * Returns the native id of a message. An origin-id is unique for its sender (XEP-0359). Any other id is unique within its
 * stream, which the server's link module names. Without the link module each stanza is a new message, because a server
 * sends each stanza to the component once.
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

function concerns({ author, within }: MessageRef, subscriber: Address): boolean {
  return author === subscriber || recipientIn(within, author) === subscriber;
}

function idBefore(id: string): EventId | undefined {
  const at = id.indexOf(AFTER);
  return at < 8 ? undefined : (id.slice(0, at) as EventId);
}

function keyOf(name: string): string {
  return `means.${createHash('sha256').update(name).digest('base64url')}`;
}
