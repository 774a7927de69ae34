/** Stanzas of subscribers to ghosts, onto the bus: in the order in which they came, acknowledged when stored. */
import { randomUUID } from 'node:crypto';
import type { Element } from '@xmpp/component';
import {
  EMPTY,
  HubError,
  toHubError,
  type Address,
  type Content,
  type EventId,
  type Network,
  type Party,
} from '#protocol';
import type { Hub, MessageRef } from '#adapter-kit';
import type { Contacts } from './contacts.js';
import { answerQuery } from './disco.js';
import type { Ghosts } from './ghosts.js';
import { Handover } from './handover.js';
import { bareJid, networkOfDomain, parseJid, subscriberAddress } from './jids.js';
import { NS } from './namespaces.js';
import { readMessage, stanzaIds, type XmppAct } from './to-canonical.js';
import type { XmppConnection } from './xmpp.connection.js';
import { bounced } from './xmpp.errors.js';
import { xml } from '@xmpp/component';

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
    private readonly hub: Hub,
  ) {
    this.handover = new Handover(connection);
    connection.on('stanza', (stanza) => this.receive(stanza));
  }

  private receive(stanza: Element): void {
    const done = this.handover.begin(stanza.getChild('queued', NS.link)?.attrs['id']);
    this.tail = this.tail.then(async () => {
      try {
        const { stored } = await this.begin(stanza);
        stored.then(done, (error: unknown) => this.refuse(stanza, error, done));
      } catch (error) {
        this.refuse(stanza, error, done);
      }
    });
  }

  /** The sender gets his network's own error; never an answer to an error or to a receipt (RFC 6120 §8.3.1). */
  private refuse(stanza: Element, thrown: unknown, done: () => void): void {
    const error = toHubError(thrown);
    this.hub.log.info({ stanza: stanza.name, code: error.code, reason: error.detail }, 'stanza refused');
    const answerable =
      stanza.attrs['type'] !== 'error' &&
      stanza.attrs['type'] !== 'result' &&
      (stanza.name !== 'message' || stanza.getChild('body') !== undefined);
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
    return stanza.getChildText('nick', NS.nick)?.slice(0, 200) || undefined;
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
    const nativeId = ids.id ?? randomUUID();
    const draft = {
      nativeId,
      identity: identityOf(sender, nativeId),
      references: ids.all.map((id) => identityOf(sender, id)),
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
        const content = await this.contentOf(act, sender);
        return {
          stored: this.hub.submitMessage({
            ...draft,
            content,
            ...(act.act === 'message' && act.media ? { media: [act.media] } : {}),
            requestStatus: act.act === 'message' ? act.wants : [],
          }),
        };
      }
      case 'delivered':
      case 'read': {
        const target = await this.findTarget(act.target, sender);
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
    sender: string,
  ): Promise<Content> {
    if (act.act === 'message') {
      const inReplyTo =
        act.replyTo === undefined ? undefined : (await this.findTarget(act.replyTo, sender))?.id;
      return { body: act.body, ...(inReplyTo ? { inReplyTo } : {}) };
    }
    const target = await this.findTarget(act.target, sender);
    if (!target) throw new HubError('25', 'the message that this refers to is not known here');
    if (act.act === 'edit') return { replaces: target.id, body: act.body };
    if (act.act === 'recall') return { replaces: target.id, body: EMPTY };
    return {
      inReplyTo: target.id,
      body: EMPTY,
      reactions: await this.reactionChange(target.id, sender, act.emoji),
    };
  }

  /** XMPP tells the full set; the change follows from the set before. */
  private async reactionChange(
    target: EventId,
    sender: string,
    current: string[],
  ): Promise<NonNullable<Content['reactions']>> {
    const key = `reactions.${target}.${Buffer.from(sender).toString('base64url')}`;
    const before = ((await this.hub.recent.get(key)) as string[] | undefined) ?? [];
    await this.hub.recent.put(key, current);
    return {
      add: current.filter((emoji) => !before.includes(emoji)),
      remove: before.filter((emoji) => !current.includes(emoji)),
      current,
    };
  }

  /** A target is a ghost's message, which carries our id, or the sender's own. */
  private async findTarget(target: string, sender: string): Promise<MessageRef | undefined> {
    const own = await this.hub.findNative(identityOf(sender, target));
    return own ?? this.hub.findNative(target);
  }
}

function identityOf(sender: string, id: string): string {
  return `${sender} ${id}`;
}

function sentAt(stanza: Element): Date {
  const stamp = Date.parse(stanza.getChild('delay', NS.delay)?.attrs['stamp'] ?? '');
  return Number.isNaN(stamp) ? new Date() : new Date(stamp);
}
