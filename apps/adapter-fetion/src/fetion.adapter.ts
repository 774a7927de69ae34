/**
 * Joins the wire of Fetion (飞信) and its translators. A ghost is an account of Fetion with a session of its own; the
 * robot account carries everything for which no ghost is left.
 */
import {
  HubError,
  nativeOf,
  reportWords,
  type Address,
  type ContactEvent,
  type MessageEvent,
  type Network,
  type PresenceEvent,
  type ReportEvent,
  type ResolveReply,
  type TypingEvent,
} from '#protocol';
import { Connectivity, sendSplitText } from '#adapter-kit';
import type {
  Adapter,
  ContactDelivering,
  Delivered,
  DeliveryContext,
  Hub,
  PresenceShowing,
  ReportShowing,
  Resolving,
  TypingShowing,
} from '#adapter-kit';
import { metrics, runInBackground, sleep, type Log } from '#service';
import { FETION_CAPABILITIES } from './fetion.capabilities.js';
import { readAccounts, type FetionSettings } from './fetion.config.js';
import { FetionConnection, type FetionConnectionOptions } from './fetion.connection.js';
import { fetionError } from './fetion.errors.js';
import { basicPresence, message, textOf } from './from-canonical.js';
import { Ghosts } from './ghosts.js';
import { Inbound, type Owner } from './inbound.js';
import { People, type Person } from './people.js';
import { addBuddy, deleteBuddy, handleRequest, IS_TYPING, SUBSCRIBE_PRESENCE } from './request-bodies.js';
import { Robot } from './robot.js';
import type { Account } from './sign-in.js';
import { availabilityOf } from './to-canonical.js';
import { header } from './sipc-frame.js';

/** An account that became a ghost this moment is still logging in. */
const LOGIN_PATIENCE_MS = 10_000;
const ALREADY_A_CONTACT = 521;
/** Basic presence of the robot, which is always online. */
const ONLINE = 400;

/** What exists between `start` and `stop`. */
interface Running {
  hub: Hub;
  people: People;
  ghosts: Ghosts;
  robot: Robot;
  robotSession: FetionConnection;
  inbound: Inbound;
}

export class FetionAdapter
  implements Adapter, ReportShowing, ContactDelivering, TypingShowing, PresenceShowing, Resolving
{
  /** An account has one session: the login of another process ends it, and an account that was pushed out stays out. */
  readonly worksAlone = true;
  /** The robot's session stands for the network: the sessions of the ghosts use the same servers. */
  readonly connectivity = new Connectivity();
  private running: Running | undefined;
  private readonly up = new Set<FetionConnection>();

  constructor(
    readonly network: Network,
    private readonly settings: FetionSettings,
    private readonly log: Log,
  ) {}

  capabilities() {
    return FETION_CAPABILITIES;
  }

  async start(hub: Hub): Promise<void> {
    const accounts = readAccounts(this.settings.FETION_ACCOUNTS);
    const open = (account: Account, owner: Owner): FetionConnection =>
      this.openSession(account, {
        onLogin: async (session) => {
          // The name first: contacts that are notified of this account then see whom it stands for.
          await ghosts.withMobile(account.mobile)?.setName();
          await session.request('SUB', [['N', 'PresenceV4']], SUBSCRIBE_PRESENCE);
        },
        onFrame: (session, frame) => inbound.take(session, owner, frame),
      });
    const robotSession = open(accounts.robot, 'robot');
    robotSession.on('up', () => (this.connectivity.connected = true));
    robotSession.on('down', () => (this.connectivity.connected = false));
    await robotSession.appear(ONLINE, undefined);
    const own = new Set([accounts.robot, ...accounts.pool].map(({ mobile }) => mobile));
    const people = new People(this.network, hub, robotSession, own);
    const ghosts = new Ghosts(hub, accounts.pool, (account, remote) => open(account, { remote }));
    await ghosts.load();
    const robot = new Robot({ network: this.network, hub, session: robotSession, ghosts, people });
    const inbound = new Inbound(hub, people, robot);
    this.running = { hub, people, ghosts, robot, robotSession, inbound };
    runInBackground('Fetion session', this.log, () => robotSession.run());
    runInBackground('logins of ghosts', this.log, () => ghosts.logIn());
  }

  async stop(): Promise<void> {
    await Promise.all([this.running?.ghosts.stop(), this.running?.robotSession.stop()]);
  }

  async deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    const { hub, people, ghosts, robot, robotSession } = this.started;
    const { from, to } = event.data;
    const person = await people.find(nativeOf(to));
    const ghost = await ghosts.ensure(from);
    if (ghost) {
      await this.untilUp(ghost.session);
      const send = () => this.send(ghost.session, person, textOf(event));
      return hub.atMostOnce(context.idempotencyKey, send, context.uncertain);
    }
    const send = (text: string) => this.send(robotSession, person, text);
    // Again in pieces: the sender's name before the text may exceed the limit that the text alone kept.
    return robot.correspondents.say(people.party(person).address, from, textOf(event), (said) =>
      sendSplitText(hub, said, FETION_CAPABILITIES.limits, context, send),
    );
  }

  /** Written by the ghost to which the person wrote, in the chat to which the report belongs. */
  async showReport({ id, data }: ReportEvent): Promise<void> {
    const { hub, people, ghosts, robotSession } = this.started;
    const person = await people.find(nativeOf(data.to));
    const session = ghosts.find(data.from.address)?.session ?? robotSession;
    await this.untilUp(session);
    await hub.atMostOnce(id, () => this.send(session, person, reportWords(data.code, 'zh')));
  }

  async deliverContact({ data }: ContactEvent): Promise<void> {
    const { people, ghosts } = this.started;
    const person = await people.find(nativeOf(data.to));
    const ghost = await ghosts.ensure(data.from);
    if (!ghost) throw new HubError('91', 'no Fetion account is left for this person');
    await this.untilUp(ghost.session);
    const [name, body] = contactRequest(data.action, person, data.note ?? '');
    await ghost.session.service(name, body, ALREADY_A_CONTACT);
  }

  async showTyping({ data }: TypingEvent): Promise<void> {
    const { people, ghosts } = this.started;
    const session = ghosts.find(data.from.address)?.session;
    if (!session?.connected || data.state !== 'composing') return;
    const { uri } = await people.find(nativeOf(data.to));
    await session.request('IN', [['T', uri]], IS_TYPING);
  }

  /** A Fetion account shows the same presence to all its contacts. */
  async showPresence({ data }: PresenceEvent): Promise<void> {
    const session = this.started.ghosts.find(data.from.address)?.session;
    const basic = basicPresence(data.availability);
    if (basic !== undefined) await session?.appear(basic, data.statusText);
  }

  async presenceOf(subscriber: Address, asker: Address) {
    const { people, ghosts, inbound } = this.started;
    const session = ghosts.find(asker)?.session;
    const { sid } = await people.find(nativeOf(subscriber));
    const presence = session && inbound.presenceSeen(session, sid);
    return (
      presence && {
        availability: availabilityOf(presence.basic),
        ...(presence.mood ? { statusText: presence.mood } : {}),
      }
    );
  }

  async resolve(address: Address): Promise<ResolveReply> {
    const { people } = this.started;
    return { code: '00', party: { ...people.party(await people.find(nativeOf(address))), address } };
  }

  get navigationUrl(): string {
    return this.settings.FETION_NAVIGATION_URL;
  }

  get operatorKey(): string | undefined {
    return this.settings.FETION_OPERATOR_KEY;
  }

  /** Sessions that wait until a person reads a login picture. */
  waitingForCaptcha(): FetionConnection[] {
    if (!this.running) return [];
    const { robotSession, ghosts } = this.running;
    return [robotSession, ...ghosts.all().map(({ session }) => session)].filter(
      ({ state, captchaAlgorithm }) => state === 'captcha' && captchaAlgorithm !== undefined,
    );
  }

  /** @throws HubError 91 before the start */
  private get started(): Running {
    if (!this.running) throw new HubError('91', 'the Fetion adapter is not started');
    return this.running;
  }

  private async send(session: FetionConnection, { uri }: Person, text: string): Promise<Delivered> {
    const { headers, body } = message(uri, text);
    const answer = await session.request('M', headers, body);
    if (answer.start.kind !== 'response') throw new HubError('100', 'Fetion answered with a request');
    const { code, reason } = answer.start;
    if (code !== 200 && code !== 280) throw fetionError(code, reason);
    const id = header(answer, 'XI');
    return { native: id === undefined ? [] : [id], code: code === 280 ? '104' : '00' };
  }

  private openSession(
    account: Account,
    callbacks: Pick<FetionConnectionOptions, 'onLogin' | 'onFrame'>,
  ): FetionConnection {
    const {
      FETION_NAVIGATION_URL: navigationUrl,
      FETION_REPLY_MS: replyMs,
      FETION_KEEPALIVE_MS: keepAliveMs,
    } = this.settings;
    const { log } = this;
    const session = new FetionConnection({ account, navigationUrl, replyMs, keepAliveMs, log, ...callbacks });
    session.on('up', () => this.count(session, true));
    session.on('down', () => this.count(session, false));
    return session;
  }

  private count(session: FetionConnection, up: boolean): void {
    if (up) this.up.add(session);
    else this.up.delete(session);
    metrics.adapterSessions.set({ network: this.network }, this.up.size);
  }

  private async untilUp(session: FetionConnection): Promise<void> {
    if (session.connected) return;
    const isUp = new AbortController();
    const end = () => isUp.abort();
    session.once('up', end);
    await sleep(LOGIN_PATIENCE_MS, isUp.signal);
    session.off('up', end);
    if (!session.connected)
      throw new HubError('91', `the session of ${session.account.mobile} is ${session.state}`);
  }
}

function contactRequest(
  action: ContactEvent['data']['action'],
  person: Person,
  note: string,
): [name: string, body: string] {
  switch (action) {
    case 'request':
      return ['AddBuddyV4', addBuddy(person.uri, note)];
    case 'accept':
      return ['HandleContactRequestV4', handleRequest(person.userId, person.uri, true)];
    case 'deny':
      return ['HandleContactRequestV4', handleRequest(person.userId, person.uri, false)];
    case 'remove':
      return ['DeleteBuddyV4', deleteBuddy(person.userId)];
  }
}
