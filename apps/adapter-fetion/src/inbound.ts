/** What Fetion pushes to our sessions, onto the bus. A message is acknowledged only when it is stored. */
import { randomUUID } from 'node:crypto';
import { HubError, plainText, reportWords, toHubError, type Address } from '#protocol';
import type { Hub } from '#adapter-kit';
import { LruCache, tolerate } from '#service';
import type { FetionConnection } from './fetion.connection.js';
import { message } from './from-canonical.js';
import type { People, Person } from './people.js';
import type { Robot } from './robot.js';
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
/** Acknowledgements and pushes are not answered. */
const UNANSWERED = new Set(['A', 'BN']);

/** Whose session a frame came in on: a foreign person's ghost, or the robot's. */
export type Owner = { foreign: Address } | 'robot';

export interface Presence {
  basic: number;
  mood: string | undefined;
}

export class Inbound {
  /** One thing after the other for each session: the order of its messages. */
  private readonly tails = new WeakMap<FetionConnection, Promise<void>>();
  /** Presence as each session was told it: session -> sid. */
  private readonly seen = new WeakMap<FetionConnection, Map<string, Presence>>();
  private readonly sidOfUser = new LruCache<string, string>({ max: 100_000 });

  constructor(
    private readonly hub: Hub,
    private readonly people: People,
    private readonly robot: Robot,
  ) {}

  /** Frames of one session one after the other. Resolves when this one is stored, refused or recorded; never rejects. */
  take(session: FetionConnection, owner: Owner, frame: Frame): Promise<void> {
    const act = readFrame(frame, session.account.mobile);
    const before = this.tails.get(session) ?? Promise.resolve();
    const done = before
      .then(() => this.carryOut(session, owner, frame, act))
      .catch((thrown: unknown) => this.refused(session, frame, thrown));
    this.tails.set(session, done);
    return done;
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
        await this.message(owner, act);
        session.answer(frame);
        return;
      case 'typing':
      case 'nudge':
        await this.sign(owner, act);
        session.answer(frame);
        return;
      case 'events':
        for (const event of act.events) await this.eventOrRecord(session, owner, event, frame);
        return;
      case 'invited':
        // A chat socket of its own is not kept: busy, so that the peer's client writes through the server.
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

  /** One event of a push that cannot be taken does not hold up the others; a push is never told again. */
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

  /** What can never be stored is acknowledged, so that it does not come for ever, recorded, and told to who wrote it. */
  private async refused(session: FetionConnection, frame: Frame, thrown: unknown): Promise<void> {
    const { code, detail, verdict } = toHubError(thrown);
    const isMessage = frame.start.kind === 'request' && frame.start.method === 'M';
    if (isMessage && verdict === 'retry') {
      this.hub.log.warn(
        { code, reason: detail },
        'Fetion: not taken; the server gives it again at the next login',
      );
      // Given again only at a login: without one, newer messages would pass it.
      session.hangUp();
      return;
    }
    this.notCarried(isMessage ? 'refused' : 'info', `${code} ${detail}`, textOf(frame));
    session.answer(frame);
    const from = header(frame, 'F') ?? '';
    if (!isMessage || !/^(?:sip:\d|tel:)/.test(from)) return;
    const { headers, body } = message(from, reportWords(code, 'zh'));
    await tolerate('words to who wrote', this.hub.log, () => session.request('M', headers, body));
  }

  private async message(owner: Owner, act: Extract<FetionAct, { act: 'message' }>): Promise<void> {
    const person = await this.people.ofUri(act.from);
    if (owner === 'robot') return this.robot.read(person, act.id, act.text, act.sentAt);
    await this.submit(owner.foreign, person, act.id, act.text, act.sentAt);
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

  /** The robot stands for nobody: that somebody writes to it is shown to no one. */
  private async sign(owner: Owner, act: Extract<FetionAct, { act: 'typing' | 'nudge' }>): Promise<void> {
    const person = await this.people.ofUri(act.from);
    if (act.act === 'typing') {
      if (owner !== 'robot')
        this.hub.typing(this.people.party(person), owner.foreign, 'composing', TYPING_TTL_MS);
    } else if (owner === 'robot') await this.robot.read(person, act.id, NUDGE, new Date());
    else await this.submit(owner.foreign, person, act.id, NUDGE, new Date());
  }

  private async event(session: FetionConnection, owner: Owner, event: FetionEvent): Promise<void> {
    switch (event.event) {
      case 'unknown':
        throw new HubError('30', event.why);
      case 'pushed-out':
        return session.pushedOut();
      case 'presence':
        for (const change of event.changes) await this.presence(session, owner, change);
        return;
      case 'application': {
        const person = await this.people.ofUri(event.uri);
        if (owner === 'robot') return this.robot.added(person, event.note);
        return this.contact(owner.foreign, person, 'request', event.id, event.note);
      }
      case 'relation': {
        // Who takes the robot for a contact, or no more, says nothing to anybody.
        if (owner === 'robot') return;
        const person = await this.people.ofUri(event.uri);
        const action = { accepted: 'accept', declined: 'deny', removed: 'remove' } as const;
        // Told once and never again, and without an id: each is a new one.
        const id = randomUUID();
        await this.contact(owner.foreign, person, action[event.relation], id);
        // On Fetion a contact is one for both: who accepts also wants to see.
        if (event.relation === 'accepted') await this.contact(owner.foreign, person, 'request', id);
        return;
      }
    }
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

  /** Updates leave out what did not change, often even who it is about: only the user id is always there. */
  private async presence(session: FetionConnection, owner: Owner, change: PresenceChange): Promise<void> {
    const sid = change.uri === undefined ? this.sidOfUser.get(change.userId) : undefined;
    const person =
      change.uri === undefined ? this.people.known(sid ?? '') : await this.people.ofUri(change.uri);
    if (!person) return;
    this.sidOfUser.set(change.userId, person.sid);
    this.people.renamed(person, change.nickname);
    const told = this.seen.get(session);
    const known = told ?? new Map<string, Presence>();
    this.seen.set(session, known);
    // The first that this session hears of anybody: whom its own person is for was told to a former life, if at all.
    if (!told && owner !== 'robot') this.hub.probe(this.people.party(person), owner.foreign);
    const before = known.get(person.sid);
    const basic = change.basic ?? before?.basic;
    // A change of something else, of somebody whose state was not told yet.
    if (basic === undefined) return;
    const now = { basic, mood: change.mood ?? before?.mood };
    known.set(person.sid, now);
    if (owner !== 'robot')
      this.hub.presence(this.people.party(person), owner.foreign, availabilityOf(now.basic), now.mood);
  }
}

function textOf(frame: Frame): string {
  return printFrame(frame).toString('utf8');
}

/** What others say among themselves is not kept. */
function headersOf(frame: Frame): string {
  return textOf({ ...frame, body: '' });
}
