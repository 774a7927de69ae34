/** Stanzas of subscribers to ghosts, onto the bus: in the order in which they came, acknowledged when stored. */
import { randomUUID } from 'node:crypto';
import { xml, type Element } from '@xmpp/component';
import {
  deliveryKey,
  EMPTY,
  HubError,
  networkOf,
  textParts,
  toHubError,
  type Address,
  type Content,
  type Network,
  type Party,
} from '#protocol';
import type { Hub, MessageRef } from '#adapter-kit';
import { runInBackground, tolerate } from '#service';
import type { Contacts } from './contacts.js';
import { answerQuery } from './disco.js';
import type { Excerpts } from './excerpts.js';
import type { Ghosts } from './ghosts.js';
import { Handover, queuedAs } from './handover.js';
import { bareJid, networkOfDomain, parseJid, subscriberAddress } from './jids.js';
import { NS } from './namespaces.js';
import { readMessage, stanzaIds, type XmppAct } from './to-canonical.js';
import type { XmppConnection } from './xmpp.connection.js';
import { bounced } from './xmpp.errors.js';

const TASK = 'stanzas read';
const TYPING_TTL_MS = 30_000;

/** Storing is not awaited before the next stanza is read: the bus keeps the order. */
interface Begun {
  stored: Promise<unknown>;
}
const NOTHING: Begun = { stored: Promise.resolve() };

export class Inbound {
  private tail: Promise<void> = Promise.resolve();
  private readonly handover: Handover;

  constructor(
    private readonly network: Network,
    private readonly componentDomain: string,
    private readonly connection: XmppConnection,
    private readonly ghosts: Ghosts,
    private readonly contacts: Contacts,
    private readonly excerpts: Excerpts,
    private readonly hub: Hub,
  ) {
    this.handover = new Handover(connection, hub.log);
    connection.on('stanza', (stanza) => this.receive(stanza));
  }

  private receive(stanza: Element): void {
    const done = this.handover.begin(queuedAs(stanza));
    // A query waits for nobody and says nothing, so it takes no place among what is said.
    if (stanza.name === 'iq') {
      runInBackground(TASK, this.hub.log, () => this.take(stanza, done));
      return;
    }
    this.tail = this.tail.then(() => this.take(stanza, done));
  }

  /** Resolves when the next stanza may be read: this one is on its way to the bus, or refused. */
  private async take(stanza: Element, done: () => void): Promise<void> {
    try {
      const { stored } = await this.begin(stanza);
      runInBackground(TASK, this.hub.log, () => this.whenStored(stanza, stored, done));
    } catch (error) {
      await tolerate(TASK, this.hub.log, () => this.refuse(stanza, error, done));
    }
  }

  private async whenStored(stanza: Element, stored: Promise<unknown>, done: () => void): Promise<void> {
    try {
      await stored;
    } catch (error) {
      this.refuse(stanza, error, done);
      return;
    }
    done();
  }

  /** The sender gets his network's own error; never an answer to an error or to a receipt (RFC 6120 §8.3.1). */
  private refuse(stanza: Element, thrown: unknown, done: () => void): void {
    const error = toHubError(thrown);
    this.hub.log.info({ stanza: stanza.name, code: error.code, reason: error.detail }, 'stanza refused');
    const answerable =
      stanza.attrs['type'] !== 'error' &&
      stanza.attrs['type'] !== 'result' &&
      (stanza.name !== 'message' || stanza.getChild('body') !== undefined);
    // The bus is away: what the server keeps for us, it hands over again on a new stream.
    if (error.code === '91' && queuedAs(stanza) !== undefined) return this.connection.redial();
    if (answerable) this.connection.send(bounced(stanza, error.code));
    done();
  }

  private async begin(stanza: Element): Promise<Begun> {
    const { from, to } = stanza.attrs;
    if (!from || !to) return NOTHING;
    // A ghost of ours writing to a ghost of ours is an echo, whatever it says (promise 5).
    if (networkOfDomain(parseJid(from).domain, this.componentDomain) !== undefined) return NOTHING;
    if (stanza.name === 'iq') return this.query(stanza, to);
    const ghost = await this.ghosts.addressOf(to);
    const sender = {
      address: subscriberAddress(this.network, from),
      displayName: this.nickOf(stanza) ?? parseJid(from).local ?? from,
    };
    if (stanza.name === 'presence') return { stored: this.contacts.fromNative(stanza, sender, ghost) };
    return stanza.name === 'message' ? this.message(stanza, sender, ghost) : NOTHING;
  }

  private nickOf(stanza: Element): string | undefined {
    return stanza.getChildText('nick', NS.nick) || undefined;
  }

  private async query(stanza: Element, to: string): Promise<Begun> {
    const [query] = stanza.getChildElements();
    const { type, id, from } = stanza.attrs;
    if (type !== 'get' || !query) {
      if (type === 'set') throw new HubError('12', 'nothing can be set here');
      return NOTHING;
    }
    const { local, domain } = parseJid(to);
    const network = networkOfDomain(domain, this.componentDomain);
    if (!network) throw new HubError('14', 'not a domain of ours');
    const address = local === undefined ? undefined : await this.ghosts.addressOf(to);
    const answer = answerQuery(query, {
      network,
      ghost: address && { address, name: this.ghosts.nameOf(await this.partyOf(address)) },
    });
    if (!answer) throw new HubError('12', 'this query is not answered here');
    this.connection.send(xml('iq', { type: 'result', from: to, to: from, ...(id ? { id } : {}) }, answer));
    return NOTHING;
  }

  private async partyOf(address: Address): Promise<Party> {
    const reply = await this.hub.resolve(address);
    if (reply.code === '14') throw new HubError('14', 'no such person');
    return reply.party ?? { address };
  }

  private async message(stanza: Element, from: Party, to: Address): Promise<Begun> {
    const act = readMessage(stanza);
    const ids = stanzaIds(stanza);
    const sender = bareJid(stanza.attrs['from'] ?? '');
    const thread = { sender, ghost: bareJid(stanza.attrs['to'] ?? '') };
    const nativeId = ids.id ?? queuedAs(stanza) ?? randomUUID();
    const draft = {
      nativeId,
      identity: identityOf(thread, nativeId),
      references: ids.all.map((id) => identityOf(thread, id)),
      // The full JID: an error reaches a client only there (RFC 6121 §8.5.2).
      conversation: stanza.attrs['from'] ?? sender,
      from,
      to,
      sentAt: sentAt(stanza),
    };
    switch (act.act) {
      case 'message':
      case 'edit':
      case 'recall':
      case 'reaction': {
        const content = await this.contentOf(act, thread);
        const stored = this.hub.submitMessage({
          ...draft,
          content,
          ...(act.act === 'message' && act.media ? { media: [act.media] } : {}),
          requestStatus: act.act === 'message' ? act.wants : [],
        });
        if (act.act !== 'message') return { stored };
        const [words] = textParts(act.body);
        return { stored: stored.then((id) => this.excerpts.keep(id, words?.content ?? '')) };
      }
      case 'delivered':
      case 'read': {
        const target = await this.findTarget(act.target, thread);
        if (!target) return NOTHING;
        return {
          stored: this.hub.submitReceipt({
            nativeId: `${sender} ${act.act} ${target.id}`,
            from,
            to,
            status: act.act,
            messages: [target.id],
            upTo: act.act === 'read',
          }),
        };
      }
      case 'typing':
        this.hub.typing(from, to, act.state, TYPING_TTL_MS);
        return NOTHING;
      case 'bounce':
      case 'nothing':
        return NOTHING;
    }
  }

  private async contentOf(
    act: Extract<XmppAct, { act: 'message' | 'edit' | 'recall' | 'reaction' }>,
    thread: Thread,
  ): Promise<Content> {
    if (act.act === 'message') {
      const inReplyTo =
        act.replyTo === undefined ? undefined : (await this.findTarget(act.replyTo, thread))?.id;
      return { body: act.body, ...(inReplyTo ? { inReplyTo } : {}) };
    }
    const target = await this.findTarget(act.target, thread);
    if (!target) throw new HubError('25', 'the message that this refers to is not known here');
    if (act.act === 'edit') return { replaces: target.id, body: act.body };
    if (act.act === 'recall') return { replaces: target.id, body: EMPTY };
    return {
      inReplyTo: target.id,
      body: EMPTY,
      reactions: await this.reactionChange(target, thread.sender, act.emoji),
    };
  }

  /** XMPP tells the full set; the change follows from the set before. */
  private async reactionChange(
    { id, author }: MessageRef,
    sender: string,
    current: string[],
  ): Promise<NonNullable<Content['reactions']>> {
    const key = `reactions.${deliveryKey(networkOf(author), id)}.${Buffer.from(sender).toString('base64url')}`;
    const before = ((await this.hub.recent.get(key)) as string[] | undefined) ?? [];
    await this.hub.recent.put(key, current);
    return {
      add: current.filter((emoji) => !before.includes(emoji)),
      remove: before.filter((emoji) => !current.includes(emoji)),
      current,
    };
  }

  /** A target is a ghost's message, which carries our id, or the sender's own. */
  private async findTarget(target: string, thread: Thread): Promise<MessageRef | undefined> {
    const own = await this.hub.findNative(identityOf(thread, target));
    return own ?? this.hub.findNative(target);
  }
}

/** Who writes to whom, as bare JIDs. */
interface Thread {
  sender: string;
  ghost: string;
}

/** A client may use an id again towards somebody else: it is its own within a stream only (RFC 6120 §8.1.3). */
function identityOf({ sender, ghost }: Thread, id: string): string {
  return `${sender} ${ghost} ${id}`;
}

function sentAt(stanza: Element): Date {
  const stamp = Date.parse(stanza.getChild('delay', NS.delay)?.attrs['stamp'] ?? '');
  return Number.isNaN(stamp) ? new Date() : new Date(stamp);
}
