/** Publishes stanzas of subscribers to ghosts, in the order in which they came in each conversation; confirms each when it is stored. */
import { xml, type Element } from '@xmpp/component';
import { HubError, isTel, toHubError, type Address, type Network, type Party } from '#protocol';
import type { Begun, Hub } from '#adapter-kit';
import { runInBackground, tolerate } from '#service';
import type { Contacts } from './contacts.js';
import { answerQuery } from './service-discovery.js';
import type { Excerpts } from './excerpts.js';
import type { Ghosts } from './ghosts.js';
import { ServerQueue, queuedAs } from './server-queue.js';
import { bareJid, networkOfDomain, parseJid, subscriberAddress } from './jids.js';
import { Messages, NOTHING } from './messages.js';
import type { People } from './people.js';
import type { References } from './references.js';
import { refusalOf } from './refusals.js';
import { readMessage } from './to-canonical.js';
import type { XmppConnection } from './xmpp.connection.js';

const TASK = 'stanzas read';

export interface InboundParts {
  network: Network;
  componentDomain: string;
  /** The component stream whose stanzas are read. */
  connection: XmppConnection;
  ghosts: Ghosts;
  contacts: Contacts;
  excerpts: Excerpts;
  references: References;
  hub: Hub;
  people: People;
}

/** One for each component stream. */
export class Inbound {
  private readonly queue: ServerQueue;
  private readonly messages: Messages;

  constructor(private readonly parts: InboundParts) {
    const { connection, excerpts, references, ghosts, hub } = parts;
    this.messages = new Messages(connection, excerpts, references, ghosts, hub);
    this.queue = new ServerQueue(connection, hub.log);
    connection.on('stanza', (stanza) => this.receive(stanza));
  }

  private receive(stanza: Element): void {
    const done = this.queue.begin(queuedAs(stanza));
    runInBackground(TASK, this.parts.hub.log, () => this.take(stanza, done));
    if (this.parts.hub.inbound.full) runInBackground(TASK, this.parts.hub.log, () => this.pause());
  }

  /** Resolves when the stanza is stored, refused or recorded. */
  private async take(stanza: Element, done: () => void): Promise<void> {
    const { inbound, log } = this.parts.hub;
    try {
      // A query needs no order, so it does not wait for messages.
      if (stanza.name === 'iq') await (await this.begin(stanza)).stored;
      else await inbound.begin(conversationOf(stanza), () => this.begin(stanza));
    } catch (error) {
      await tolerate(TASK, log, () => this.refuse(stanza, error, done));
      return;
    }
    done();
  }

  /** Reads no more stanzas until the bus has caught up: the server keeps them. */
  private async pause(): Promise<void> {
    const { connection, hub } = this.parts;
    const resume = connection.pause();
    await hub.inbound.relief();
    resume();
  }

  /** Sends the sender a stanza error, or records the stanza as a dead letter. */
  private refuse(stanza: Element, thrown: unknown, done: () => void): void {
    const error = toHubError(thrown);
    this.parts.hub.log.info(
      { stanza: stanza.name, code: error.code, reason: error.detail },
      'stanza refused',
    );
    // The bus is unavailable: the server sends the stanzas that it keeps for us again on a new stream.
    if (error.code === '91' && queuedAs(stanza) !== undefined) return this.parts.connection.redial();
    const answer = refusalOf(stanza, error);
    if (answer) this.parts.connection.send(answer);
    else this.drop(stanza, 'refused', error.detail);
    done();
  }

  private drop(stanza: Element, kind: string, why: string): Begun {
    this.parts.hub.notCarried({ kind, why, native: stanza.toString() });
    return NOTHING;
  }

  private async begin(stanza: Element): Promise<Begun> {
    const { from, to } = stanza.attrs;
    if (!from || !to) return this.drop(stanza, 'unaddressed', 'the stanza has no from or no to');
    // A ghost of ours writing to a ghost of ours is an echo, whatever it says (promise 5).
    if (networkOfDomain(parseJid(from).domain, this.parts.componentDomain) !== undefined)
      throw new HubError('71', 'from one ghost to another');
    if (stanza.name === 'iq') return this.query(stanza, to);
    if (this.parts.people.hear(stanza)) return NOTHING;
    const ghost = await this.parts.ghosts.addressOf(to);
    const sender = { address: subscriberAddress(this.parts.network, from) };
    switch (stanza.name) {
      case 'presence':
        return { stored: this.parts.contacts.fromNative(stanza, sender, ghost) };
      case 'message':
        return this.message(stanza, sender, ghost);
      default:
        return this.drop(stanza, 'stanza', `<${stanza.name}/> is no stanza of RFC 6120`);
    }
  }

  private async query(stanza: Element, to: string): Promise<Begun> {
    const [query] = stanza.getChildElements();
    const { type, id, from } = stanza.attrs;
    if (type === 'result' || type === 'error')
      return this.drop(stanza, 'late-answer', 'an answer to no question that is open');
    if (!query) throw new HubError('30', 'the query is empty');
    const { local, domain } = parseJid(to);
    const network = networkOfDomain(domain, this.parts.componentDomain);
    if (!network) throw new HubError('14', 'not a domain of ours');
    const address = local === undefined ? undefined : await this.parts.ghosts.addressOf(to);
    const ghost = address && { address, name: this.parts.ghosts.nameOf(await this.partyOf(address)) };
    const items =
      type === 'get' && ghost && (await this.parts.ghosts.avatars.items(query, ghost.address, ghost.name));
    const answer =
      items || answerQuery(type, query, { network, componentDomain: this.parts.componentDomain, ghost });
    if (answer && ghost) await this.parts.ghosts.avatars.withPhoto(answer, ghost.address);
    if (!answer) throw new HubError('12', 'this query is not answered here');
    this.parts.connection.send(
      xml('iq', { type: 'result', from: to, to: from, ...(id ? { id } : {}) }, answer),
    );
    return NOTHING;
  }

  /**
   * If the remote network does not answer now, the answer has what is stored about the person. A number that no app has is a
   * telephone.
   * @throws HubError 14
   */
  private async partyOf(address: Address): Promise<Party> {
    const reply = await this.parts.hub.resolve(address).catch((thrown: unknown) => {
      const { code, verdict } = toHubError(thrown);
      if (verdict !== 'retry') throw thrown;
      return { code, party: undefined };
    });
    if (reply.code === '14' && !isTel(address)) throw new HubError('14', 'no such person');
    return reply.party ?? { address };
  }

  private async message(stanza: Element, from: Party, to: Address): Promise<Begun> {
    const acts = readMessage(stanza);
    const begun = [];
    // In order: each is being published before the next one is processed.
    for (const [at, act] of acts.entries()) begun.push(await this.messages.begin(stanza, from, to, act, at));
    return { stored: Promise.all(begun.map(({ stored }) => stored)) };
  }
}

/** The two people, as the server names them. */
function conversationOf({ attrs: { from = '', to = '' } }: Element): string {
  return `${bareJid(from)} ${bareJid(to)}`;
}
