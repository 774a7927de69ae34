/** Publishes what Fetion pushes to our sessions. A message is acknowledged to Fetion only when the bus has stored it. */
import { randomUUID } from 'node:crypto';
import { letterShortcuts } from '#emoji';
import { HubError, plainText, reportWords, toHubError, type Address } from '#protocol';
import type { Hub } from '#adapter-kit';
import { allDone, LruCache, tolerate } from '#service';
import type { FetionConnection } from './fetion.connection.js';
import { message } from './from-canonical.js';
import type { People, Person } from './people.js';
import type { Robot } from './robot.js';
import { sidOf } from './sign-in.js';
import {
  availabilityOf,
  readFrame,
  type FetionAct,
  type FetionEvent,
  type PresenceChange,
} from './to-canonical.js';
import { header, printFrame, type Frame } from './sipc-frame.js';

const TYPING_TTL_MS = 15_000;
const NUDGE = '👋';
/** Contacts of one account whose presence is kept. */
const MOST_SEEN = 5000;
/** Methods that get no response: acknowledgements and pushes. */
const UNANSWERED = new Set(['A', 'BN']);

/** Whose session a frame came in on: that of a remote person's ghost, or the robot's. */
export type Owner = { remote: Address } | 'robot';

export interface Presence {
  basic: number;
  mood: string | undefined;
}

export class Inbound {
  /** The last presence that each session received, by sid. */
  private readonly seen = new WeakMap<FetionConnection, LruCache<string, Presence>>();
  private readonly sidOfUser = new LruCache<string, string>({ max: 100_000 });

  constructor(
    private readonly hub: Hub,
    private readonly people: People,
    private readonly robot: Robot,
  ) {}

  /** Frames of one person one after the other. Resolves when this one is stored, refused or recorded; never rejects. */
  async take(session: FetionConnection, owner: Owner, frame: Frame): Promise<void> {
    try {
      await this.carryOut(session, owner, frame, readFrame(frame, session.account.mobile));
    } catch (thrown) {
      await this.refused(session, frame, thrown);
    }
  }

  /** @param uri of the person who caused it */
  private inTurn(session: FetionConnection, uri: string, work: () => Promise<void>): Promise<void> {
    return this.hub.inbound.run(`${session.account.mobile} ${sidOf(uri) ?? uri}`, work);
  }

  presenceSeen(session: FetionConnection, sid: string): Presence | undefined {
    return this.seen.get(session)?.get(sid);
  }

  private async carryOut(
    session: FetionConnection,
    owner: Owner,
    frame: Frame,
    act: FetionAct,
  ): Promise<void> {
    switch (act.act) {
      case 'message':
        await this.inTurn(session, act.from, () => this.message(owner, act));
        session.answer(frame);
        return;
      case 'typing':
      case 'nudge':
        await this.inTurn(session, act.from, () => this.sign(owner, act));
        session.answer(frame);
        return;
      case 'events':
        await allDone(act.events.map((event) => this.eventOrRecord(session, owner, event, frame)));
        return;
      case 'invited':
        // The adapter opens no chat sockets. It answers busy, so that the peer's client writes through the server.
        session.answer(frame, 486, 'Busy Here');
        return;
      case 'group-message':
        this.notCarried('group-message', 'groups of Fetion are not carried', headersOf(frame));
        session.answer(frame);
        return;
      case 'unknown':
        this.notCarried(act.kind, act.why, textOf(frame));
        if (act.kind === 'method') session.answer(frame, 405, 'Method Not Allowed');
        else session.answer(frame);
        return;
      case 'signalling':
        if (frame.start.kind === 'request' && !UNANSWERED.has(frame.start.method)) session.answer(frame);
    }
  }

  /** Records an event that fails and goes on with the next: Fetion never sends a push again. */
  private async eventOrRecord(
    session: FetionConnection,
    owner: Owner,
    event: FetionEvent,
    frame: Frame,
  ): Promise<void> {
    try {
      await this.event(session, owner, event);
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      this.notCarried('event', `${event.event}: ${code} ${detail}`, textOf(frame));
    }
  }

  private notCarried(kind: string, why: string, native: string): void {
    this.hub.notCarried({ kind, why, native });
  }

  /**
   * A message that can never be stored is acknowledged, so that Fetion does not send it again for ever; it is recorded, and
   * its author is notified.
   */
  private async refused(session: FetionConnection, frame: Frame, thrown: unknown): Promise<void> {
    const { code, detail, verdict } = toHubError(thrown);
    const isMessage = frame.start.kind === 'request' && frame.start.method === 'M';
    if (isMessage && verdict === 'retry') {
      this.hub.log.warn(
        { code, reason: detail },
        'Fetion: message not stored; the server sends it again at the next login',
      );
      // The server sends it again only at a login. Without a new login, newer messages would overtake it.
      session.hangUp();
      return;
    }
    this.notCarried(isMessage ? 'refused' : 'info', `${code} ${detail}`, textOf(frame));
    session.answer(frame);
    const from = header(frame, 'F') ?? '';
    if (!isMessage || !/^(?:sip:\d|tel:)/.test(from)) return;
    const { headers, body } = message(from, reportWords(code, 'zh'));
    await tolerate('notice to an author', this.hub.log, () => session.request('M', headers, body));
  }

  private async message(owner: Owner, act: Extract<FetionAct, { act: 'message' }>): Promise<void> {
    const person = await this.people.ofUri(act.from);
    const text = letterShortcuts.toEmoji(act.text);
    if (owner === 'robot') return this.robot.read(person, act.id, text, act.sentAt);
    await this.submit(owner.remote, person, act.id, text, act.sentAt);
  }

  private async submit(to: Address, person: Person, id: string, text: string, sentAt: Date): Promise<void> {
    await this.hub.submitMessage({
      nativeId: id,
      from: this.people.party(person),
      to,
      sentAt,
      content: { body: plainText(text) },
    });
  }

  /** The robot does not stand for a person: typing events to it are dropped. */
  private async sign(owner: Owner, act: Extract<FetionAct, { act: 'typing' | 'nudge' }>): Promise<void> {
    const person = await this.people.ofUri(act.from);
    if (act.act === 'typing') {
      if (owner !== 'robot')
        this.hub.typing(this.people.party(person), owner.remote, 'composing', TYPING_TTL_MS);
    } else if (owner === 'robot') await this.robot.read(person, act.id, NUDGE, new Date());
    else await this.submit(owner.remote, person, act.id, NUDGE, new Date());
  }

  private async event(session: FetionConnection, owner: Owner, event: FetionEvent): Promise<void> {
    switch (event.event) {
      case 'unknown':
        throw new HubError('30', event.why);
      case 'pushed-out':
        return session.pushedOut();
      case 'presence':
        return allDone(
          event.changes.map((change) =>
            this.inTurn(session, `presence ${change.userId}`, () => this.presence(session, owner, change)),
          ),
        );
      case 'application':
        return this.inTurn(session, event.uri, () => this.applied(owner, event));
      case 'relation':
        return this.inTurn(session, event.uri, () => this.related(owner, event));
    }
  }

  private async applied(owner: Owner, event: FetionEvent & { event: 'application' }): Promise<void> {
    const person = await this.people.ofUri(event.uri);
    if (owner === 'robot') return this.robot.added(person, event.note);
    return this.contact(owner.remote, person, 'request', event.id, event.note);
  }

  private async related(owner: Owner, event: FetionEvent & { event: 'relation' }): Promise<void> {
    // A change of the contact between a person and the robot concerns nobody else.
    if (owner === 'robot') return;
    const person = await this.people.ofUri(event.uri);
    const action = { accepted: 'accept', declined: 'deny', removed: 'remove' } as const;
    // Fetion pushes it once and without an id, so each push gets a new one.
    const id = randomUUID();
    await this.contact(owner.remote, person, action[event.relation], id);
    // A contact of Fetion goes both ways: a person who accepts also asks to see the presence of the other.
    if (event.relation === 'accepted') await this.contact(owner.remote, person, 'request', id);
  }

  private async contact(
    to: Address,
    person: Person,
    action: 'request' | 'accept' | 'deny' | 'remove',
    id: string,
    note?: string,
  ): Promise<void> {
    await this.hub.submitContact({
      nativeId: `${person.sid} ${to} ${action} ${id}`,
      from: this.people.party(person),
      to,
      action,
      ...(note ? { note: note.slice(0, 500) } : {}),
    });
  }

  /** Updates omit fields that did not change, often even the URI of the person. Only the user id is always present. */
  private async presence(session: FetionConnection, owner: Owner, change: PresenceChange): Promise<void> {
    const sid = change.uri === undefined ? this.sidOfUser.get(change.userId) : undefined;
    const person =
      change.uri === undefined ? this.people.known(sid ?? '') : await this.people.ofUri(change.uri);
    if (!person) return;
    this.sidOfUser.set(change.userId, person.sid);
    this.people.renamed(person, change.nickname);
    const earlier = this.seen.get(session);
    const known = earlier ?? new LruCache<string, Presence>({ max: MOST_SEEN });
    this.seen.set(session, known);
    // The first presence in this session: probe the remote contact again, because the answer to an earlier session is lost.
    if (!earlier && owner !== 'robot') this.hub.probe(this.people.party(person), owner.remote);
    const before = known.get(person.sid);
    const basic = change.basic ?? before?.basic;
    // The update changes another field of a person whose state is not known yet.
    if (basic === undefined) return;
    const now = { basic, mood: change.mood ?? before?.mood };
    known.set(person.sid, now);
    if (owner !== 'robot')
      this.hub.presence(this.people.party(person), owner.remote, availabilityOf(now.basic), now.mood);
  }
}

function textOf(frame: Frame): string {
  return printFrame(frame).toString('utf8');
}

/** Without the body: messages of groups are not recorded. */
function headersOf(frame: Frame): string {
  return textOf({ ...frame, body: '' });
}
