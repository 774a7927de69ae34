/** A person with a softphone. */
import { randomUUID } from 'node:crypto';
import { NotHere, type Act, type Person, SendingQueues, type Sight, Timeline } from '#simulators';
import { addressOf } from './addresses.js';
import { ContactList } from './contact-list.js';
import type { SipFaults } from './faults.js';
import { Inbox } from './inbox.js';
import { Outbox } from './outbox.js';
import type { PresenceState } from './pidf.js';
import { PhoneCalls } from './phone-calls.js';
import { Publication } from './publication.js';
import { ALLOW, Registration } from './registration.js';
import type { SipRequest } from './sip-message.js';
import type { Answer } from './transactions.js';
import type { UserAgent } from './user-agent.js';

const STATES: readonly PresenceState[] = ['online', 'away', 'busy', 'offline'];

const CALLS: readonly string[] = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS'];

export interface SoftphoneOptions {
  native: string;
  domain: string;
  contact: () => string;
  expires: number;
  retryMs: number;
  keepAliveMs: number;
  /** How long an act waits until the phone is registered, ms. */
  patienceMs: number;
  /** It asks for receipts. */
  receipts: boolean;
  /** It registers nowhere. */
  hasLine: boolean;
  faults: SipFaults;
}

export class Softphone implements Person {
  /** What others are shown, in From. */
  displayName = '';
  readonly native: string;
  readonly registration: Registration;
  readonly inbox: Inbox;
  private readonly seen = new Timeline();
  private readonly list: ContactList;
  readonly calls: PhoneCalls;
  private readonly outbox: Outbox;
  private readonly publication: Publication;
  /** Receipts, in order for each who gets them. */
  private readonly receipts = new SendingQueues();

  constructor(
    private readonly agent: UserAgent,
    private readonly options: SoftphoneOptions,
  ) {
    const { native, domain, contact, expires, retryMs, keepAliveMs, hasLine, faults } = options;
    this.native = native;
    this.outbox = new Outbox(agent, { ...options, timeline: this.seen });
    this.calls = new PhoneCalls(agent, { domain, contact, timeline: this.seen });
    this.publication = new Publication(agent, expires);
    this.list = new ContactList(agent, { domain, contact, expires, timeline: this.seen });
    this.inbox = new Inbox({
      domain,
      timeline: this.seen,
      faults,
      notify: (wish, receipt) => this.receipts.add(wish.from, () => this.outbox.receipt(wish, receipt)),
    });
    this.registration = new Registration({
      agent,
      registrar: `sip:${domain}`,
      contact,
      expires,
      retryMs,
      keepAliveMs,
      hasLine,
      onRegistered: () => this.tellServer(),
    });
  }

  get name(): string {
    return this.displayName === '' ? this.native : this.displayName;
  }

  get timeline(): readonly Sight[] {
    return this.seen.sights;
  }

  onSight(listener: (sight: Sight) => void): () => void {
    return this.seen.on(listener);
  }

  contacts(): { native: string; name: string; state: string }[] {
    return this.list.shown();
  }

  /** Resolves when it is registered. @throws Error that says why it is not */
  async whenRegistered(): Promise<void> {
    await this.registration.whenRegistered(this.options.patienceMs);
  }

  /** Resolves when all receipts are sent. */
  async idle(): Promise<void> {
    await this.receipts.idle();
  }

  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        if (act.quote !== undefined) throw new NotHere('write', 'youxin with a quote');
        await this.whenRegistered();
        return this.outbox.write(act.to, act.text);
      case 'type':
        await this.whenRegistered();
        return this.outbox.composing(act.to, act.on);
      case 'read':
        return this.read(act.target);
      case 'appear':
        return this.appear(act.state, act.mood);
      case 'add':
        await this.whenRegistered();
        return this.list.add(addressOf(act.who, this.options.domain));
      case 'remove':
        return this.list.remove(addressOf(act.who, this.options.domain));
      case 'look':
        if (act.picture !== undefined) throw new NotHere('look', 'youxin with a picture');
        this.displayName = act.name ?? this.displayName;
        return { id: randomUUID() };
      case 'call':
        await this.whenRegistered();
        return this.calls.act(act.who, act.how, act.key);
      case 'send':
      case 'place':
      case 'edit':
      case 'recall':
      case 'react':
      case 'nudge':
      case 'answer':
        throw new NotHere(act.do, 'youxin');
    }
  }

  serve(request: SipRequest, respond: (answer: Answer) => void): Answer | undefined {
    if (!this.registration.isOnline) return { status: 480, reason: 'Temporarily Unavailable' };
    // A telephone at an exchange takes calls alone.
    if (this.options.hasLine && !CALLS.includes(request.method))
      return { status: 405, reason: 'Method Not Allowed', headers: [['Allow', CALLS.join(', ')]] };
    switch (request.method) {
      case 'MESSAGE':
        return this.inbox.take(request);
      case 'NOTIFY':
        return this.list.take(request);
      case 'INVITE':
        return this.calls.comes(request, respond);
      case 'CANCEL':
      case 'BYE':
        return this.calls.ends(request);
      case 'OPTIONS':
        return { status: 200, reason: 'OK', headers: [['Allow', ALLOW]] };
      default:
        return { status: 405, reason: 'Method Not Allowed', headers: [['Allow', ALLOW]] };
    }
  }

  /** The phone is switched off without a word. */
  end(): void {
    this.calls.close();
    this.registration.end();
  }

  private async read(target: string): Promise<{ id: string }> {
    const wish = this.inbox.displayWish(target);
    if (!wish) throw new Error('the sender does not want to know whether it was read');
    await this.whenRegistered();
    await this.outbox.receipt(wish, { messageId: target, kind: 'display', status: 'displayed' });
    return { id: randomUUID() };
  }

  private async appear(state: string, mood: string | undefined): Promise<{ id: string }> {
    const known = STATES.find((one) => one === state);
    if (!known) throw new Error(`${state} is no presence here: ${STATES.join(', ')}`);
    if (known === 'offline') await this.leave();
    else await this.publish(known, mood);
    return { id: randomUUID() };
  }

  private async publish(state: PresenceState, mood: string | undefined): Promise<void> {
    this.registration.start();
    await this.whenRegistered();
    const { status, reason } = await this.publication.publish({ state, ...(mood ? { mood } : {}) });
    if (status !== 200) throw new Error(`the presence was not published: ${status} ${reason}`);
  }

  private async leave(): Promise<void> {
    if (this.registration.isRegistered) await this.publication.remove();
    await this.registration.leave();
  }

  /** After each registration: the server may have forgotten the rest. */
  private async tellServer(): Promise<void> {
    await this.publication.refresh();
    await this.list.renew();
  }
}
