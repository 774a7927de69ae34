/** The operator's robot account. A person who adds it, or writes an address to it, reaches people of other networks. */
import { createHash } from 'node:crypto';
import { addressOf, nativeOf, networkOf, plainText, type Address, type Network } from '#protocol';
import type { Hub } from '#adapter-kit';
import { Correspondents, typedAddress } from '#bot-contacts';
import { guarded, tolerate } from '#service';
import { splitText } from '#text';
import { FETION_CAPABILITIES } from './fetion.capabilities.js';
import type { FetionConnection } from './fetion.connection.js';
import type { Ghosts } from './ghosts.js';
import type { People, Person } from './people.js';
import { addBuddy, handleRequest } from './request-bodies.js';
import { message } from './from-canonical.js';

export interface RobotParts {
  network: Network;
  hub: Hub;
  /** The session of the robot's account. */
  session: FetionConnection;
  ghosts: Ghosts;
  people: People;
}

export class Robot {
  readonly correspondents: Correspondents;
  private readonly network: Network;
  private readonly hub: Hub;
  private readonly session: FetionConnection;
  private readonly ghosts: Ghosts;
  private readonly people: People;

  constructor({ network, hub, session, ghosts, people }: RobotParts) {
    this.network = network;
    this.hub = hub;
    this.session = session;
    this.ghosts = ghosts;
    this.people = people;
    this.correspondents = new Correspondents(hub, 'zh');
  }

  /** Resolves when the message is stored on the bus, or answered by the robot. */
  async read(person: Person, id: string, text: string, sentAt: Date): Promise<void> {
    const reading = await this.correspondents.read(addressOf(this.network, person.native), id, text);
    if (reading.act === 'nothing')
      return this.hub.notCarried({ kind: 'unanswered', why: reading.why, native: id });
    if (reading.act === 'answer') return this.say(person, reading.text);
    await this.hub.submitMessage({
      nativeId: id,
      from: this.people.party(person),
      to: reading.to,
      sentAt,
      content: { body: plainText(reading.text) },
    });
    if (reading.notice !== undefined) await this.say(person, reading.notice);
    await this.introduce(person, reading.to);
  }

  /** A person adds the robot as a contact. An address in the note of their request names whom they want to reach. */
  async added(person: Person, note: string): Promise<void> {
    await this.session.service('HandleContactRequestV4', handleRequest(person.userId, person.uri, true));
    const wanted = typedAddress(note.trim().replace(/^@/, ''));
    if (wanted && this.hub.peers().includes(networkOf(wanted))) {
      const { code } = await this.hub.resolve(wanted, addressOf(this.network, person.native));
      if (code === '00') return this.introduce(person, this.hub.canonical(wanted));
    }
    await this.say(person, this.correspondents.help());
  }

  async say(person: Person, text: string): Promise<void> {
    for (const piece of splitText(text, FETION_CAPABILITIES.limits)) {
      const { headers, body } = message(person.uri, piece);
      await tolerate('message of the robot', this.hub.log, () => this.session.request('M', headers, body));
    }
  }

  /** Notifies the person of the ghost's number, and asks as the ghost to become their contact. Once for each pair. */
  private async introduce(person: Person, remote: Address): Promise<void> {
    const key = `introduced.${createHash('sha256').update(`${person.sid} ${remote}`).digest('hex').slice(0, 32)}`;
    if (await this.hub.memory.get(key)) return;
    const ghost = await this.ghosts.ensure({ address: remote });
    const who = `${nativeOf(remote)} (${networkOf(remote)})`;
    if (!ghost) return this.sayNoNumberIsLeft(person, who, key);
    await this.hub.memory.put(key, true);
    await this.say(person, `${who} 在飞信的号码是 ${ghost.mobile}，通过好友请求后可直接对话。`);
    const ask = () => ghost.session.service('AddBuddyV4', addBuddy(person.uri, who));
    const task = 'contact request of a ghost';
    if (ghost.session.connected) await tolerate(task, this.hub.log, ask);
    else ghost.session.once('up', guarded(task, this.hub.log, ask));
  }

  /** Once for each remote person. If the operator grants more accounts later, the introduction follows then. */
  private async sayNoNumberIsLeft(person: Person, who: string, introduced: string): Promise<void> {
    const key = introduced.replace(/^introduced/, 'no-number');
    if (await this.hub.memory.get(key)) return;
    await this.hub.memory.put(key, true);
    await this.say(person, `${who} 暂时没有自己的飞信号码，请继续在这里对话。`);
  }
}
