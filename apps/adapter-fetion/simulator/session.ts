/** One TCP connection: frames that the service pushes, and those that the client has not acknowledged. */
import { application, partialPresence, presenceChanged, syncBuddy, wholePresence, event } from './bodies.js';
import type { Faults } from './faults.js';
import type { Roster } from './roster.js';
import { type Frame, header, type Header } from './sipc-frame.js';
import type { Buddy, Client, Kept, Message, PresenceChange, User } from './users.js';
import type { Wire } from './wire.js';

const REASONS: Record<number, string> = {
  200: 'OK',
  280: 'Send SMS OK',
  400: 'Bad Request',
  // The misspelling is that of the real service.
  401: 'Unauthoried',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  420: 'Bad Extension',
  421: 'Extension Required',
  503: 'Service Unavailable',
  521: 'Exists',
};

const CONTACTS_PER_PUSH = 20;

export class Session implements Client {
  /** Set once the login has succeeded. */
  user: User | undefined;
  nonce: string | undefined;
  /** Deadline for the login or the next registration; the sweep closes the connection after it. */
  deadline: number;
  private subscribed = false;
  /** User ids whose complete presence this client has received. */
  private readonly introduced = new Set<number>();
  private dialog = -1;
  private sequence = 0;

  constructor(
    readonly wire: Wire,
    private readonly faults: Faults,
    deadline: number,
  ) {
    this.deadline = deadline;
  }

  reply(request: Frame, code: number, headers: readonly Header[] = [], body = ''): void {
    const echoed = ['F', 'I', 'Q'].flatMap((name): Header[] => {
      const value = header(request, name);
      return value === undefined ? [] : [[name, value]];
    });
    const start = { code, reason: REASONS[code] ?? 'Request Failure' };
    this.wire.send({ start, headers: [...echoed, ...headers], body });
  }

  /** After the login: frames that an earlier connection did not acknowledge are sent again with the same XI. */
  attach(user: User): void {
    this.user = user;
    user.client = this;
    const again = [...user.unacknowledged.values()];
    user.unacknowledged.clear();
    for (const kept of again) this.handOut(user, kept);
  }

  /** Sends stored messages, open buddy requests and the presence of all buddies. */
  subscribe(roster: Roster): void {
    const { user } = this;
    if (!user) return;
    this.subscribed = true;
    for (const kept of user.waiting.splice(0)) this.handOut(user, kept);
    const buddies = roster.visibleTo(user);
    for (let at = 0; at < buddies.length; at += CONTACTS_PER_PUSH)
      this.push(
        'PresenceV4',
        presenceChanged(buddies.slice(at, at + CONTACTS_PER_PUSH).map((one) => this.introduce(one))),
      );
    for (const [from, words] of user.requests) this.request(from, words);
  }

  /** @param response the client's response to a pushed frame */
  acknowledge(response: Frame): void {
    if (!('code' in response.start) || response.start.code !== 200) return;
    const [from, call, sequence] = ['F', 'I', 'Q'].map((name) => header(response, name));
    this.user?.unacknowledged.delete(`${from}|${call}|${sequence}`);
  }

  message(message: Message): void {
    const { user } = this;
    if (!user) return;
    const kept = { message, offline: false };
    // Messages that were stored earlier must arrive first.
    if (user.waiting.length) user.waiting.push(kept);
    else this.handOut(user, kept);
  }

  info(from: User, body: string): void {
    const headers: Header[] = [
      ['F', from.uri],
      ['I', String(--this.dialog)],
      ['Q', `${++this.sequence} IN`],
    ];
    this.write('IN', headers, body);
  }

  presence(about: User, change: PresenceChange): void {
    if (!this.subscribed) return;
    const known = this.introduced.has(about.userId);
    this.push(
      'PresenceV4',
      presenceChanged([known ? partialPresence(about, change) : this.introduce(about)]),
    );
  }

  request(from: User, words: string): void {
    if (this.subscribed) this.push('contact', application(from, words));
  }

  relation(action: 'add' | 'update' | 'remove', buddy: Buddy): void {
    if (action === 'remove') this.introduced.delete(buddy.user.userId);
    if (this.user) this.push('SyncUserInfoV4', syncBuddy(this.user, action, buddy));
  }

  /** Ends the session: the account logged in elsewhere, or was ordered to leave. */
  deregister(): void {
    this.push('registration', event('deregistered'));
    this.wire.end();
  }

  private introduce(user: User): string {
    this.introduced.add(user.userId);
    return wholePresence(user);
  }

  private push(name: string, body: string): void {
    const headers: Header[] = [
      ['N', name],
      ['I', '1'],
      ['L', ''],
      ['Q', `${++this.sequence} BN`],
    ];
    this.write('BN', headers, body);
  }

  private handOut(user: User, kept: Kept): void {
    const { message, offline } = kept;
    const call = offline ? '-1' : String(--this.dialog);
    const sequence = `${++this.sequence} M`;
    user.unacknowledged.set(`${message.from.uri}|${call}|${sequence}`, kept);
    const headers: Header[] = [
      ['F', message.from.uri],
      ['I', call],
      ['Q', sequence],
      ['C', message.type],
      ['K', 'SaveHistory'],
      ['D', message.date.toUTCString()],
      ...(offline ? [] : [['XI', message.id] as const]),
    ];
    this.write('M', headers, message.text);
    if (this.faults.doublePushes) this.write('M', headers, message.text);
  }

  private write(method: string, headers: readonly Header[], body: string): void {
    this.wire.send({ start: { method, target: this.user?.sid ?? '0' }, headers, body });
  }
}
