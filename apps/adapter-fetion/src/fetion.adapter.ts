/** Fetion (飞信) on the hub: ghosts are accounts of the network itself, a session each; the robot serves the rest. */
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
import { sendSplitText } from '#adapter-kit';
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
import { guarded, metrics, runInBackground, type Log } from '#service';
import { FETION_CAPABILITIES } from './fetion.capabilities.js';
import { readAccounts, type FetionSettings } from './fetion.config.js';
import { FetionConnection } from './fetion.connection.js';
import { fetionError } from './fetion.errors.js';
import { basicPresence, message, textOf } from './from-canonical.js';
import { Ghosts } from './ghosts.js';
import { Inbound, type Owner } from './inbound.js';
import { People, type Person } from './people.js';
import { addBuddy, deleteBuddy, handleRequest, IS_TYPING, SUBSCRIBE_PRESENCE } from './requests.js';
import { Robot } from './robot.js';
import type { Account } from './sign-in.js';
import { availabilityOf } from './to-canonical.js';
import { header, type Frame } from './sipc-frame.js';

/** A ghost that was given away this moment is still logging in. */
const LOGIN_PATIENCE_MS = 10_000;
const ALREADY_A_CONTACT = 521;
/** The robot is always there. */
const ONLINE = 400;

export class FetionAdapter
  implements Adapter, ReportShowing, ContactDelivering, TypingShowing, PresenceShowing, Resolving
{
  private hub!: Hub;
  private people!: People;
  private ghosts!: Ghosts;
  private robot!: Robot;
  private inbound!: Inbound;
  private robotSession!: FetionConnection;
  private readonly up = new Set<FetionConnection>();

  constructor(
    readonly network: Network,
    private readonly settings: FetionSettings,
    private readonly log: Log,
  ) {}

  capabilities() {
    return FETION_CAPABILITIES;
  }

  /** The robot's session stands for the network: the others reach the same servers. */
  connected(): boolean {
    return this.robotSession.connected;
  }

  async start(hub: Hub): Promise<void> {
    const { robot, pool } = readAccounts(this.settings.FETION_ACCOUNTS);
    this.hub = hub;
    this.robotSession = this.session(robot, 'robot');
    await this.robotSession.appear(ONLINE, undefined);
    this.people = new People(
      this.network,
      hub,
      this.robotSession,
      new Set([robot, ...pool].map(({ mobile }) => mobile)),
    );
    this.ghosts = new Ghosts(hub, pool, (account, foreign) => this.session(account, { foreign }));
    await this.ghosts.load();
    this.robot = new Robot(this.network, hub, this.robotSession, this.ghosts, this.people);
    this.inbound = new Inbound(hub, this.people, () => this.robot);
    runInBackground('Fetion session', this.log, () => this.robotSession.run());
    runInBackground('logins of ghosts', this.log, () => this.ghosts.logIn());
  }

  async stop(): Promise<void> {
    await Promise.all([this.ghosts.stop(), this.robotSession.stop()]);
  }

  async deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    const { from, to } = event.data;
    const person = await this.people.find(nativeOf(to));
    const ghost = await this.ghosts.ensure(from);
    if (ghost) await this.untilUp(ghost.session);
    const session = ghost?.session ?? this.robotSession;
    if (ghost) return this.once(context, () => this.send(session, person, textOf(event)));
    const shown = await this.robot.correspondents.show(
      this.people.party(person).address,
      from,
      textOf(event),
    );
    // The name before it takes room: what fitted may fit no more.
    return sendSplitText(this.hub, shown, FETION_CAPABILITIES.limits, context, (text) =>
      this.send(session, person, text),
    );
  }

  private once({ idempotencyKey, uncertain }: DeliveryContext, send: () => Promise<Delivered>) {
    return this.hub.atMostOnce(idempotencyKey, send, uncertain);
  }

  /** Said by the ghost that he wrote to, in the conversation where it belongs. */
  async showReport({ id, data }: ReportEvent): Promise<void> {
    const person = await this.people.find(nativeOf(data.to));
    const session = this.ghosts.find(data.from.address)?.session ?? this.robotSession;
    await this.untilUp(session);
    await this.hub.atMostOnce(id, () => this.send(session, person, reportWords(data.code, 'zh')));
  }

  async deliverContact({ data }: ContactEvent): Promise<void> {
    const person = await this.people.find(nativeOf(data.to));
    const ghost = await this.ghosts.ensure(data.from);
    if (!ghost) throw new HubError('91', 'no Fetion account is left for this person');
    await this.untilUp(ghost.session);
    const [name, body] = contactRequest(data.action, person, data.note ?? '');
    await ghost.session.service(name, body, ALREADY_A_CONTACT);
  }

  async showTyping({ data }: TypingEvent): Promise<void> {
    const session = this.ghosts.find(data.from.address)?.session;
    if (!session?.connected || data.state !== 'composing') return;
    const { uri } = await this.people.find(nativeOf(data.to));
    await session.request('IN', [['T', uri]], IS_TYPING);
  }

  /** A Fetion account has one state for all who see it. */
  async showPresence({ data }: PresenceEvent): Promise<void> {
    const session = this.ghosts.find(data.from.address)?.session;
    const basic = basicPresence(data.availability);
    if (basic !== undefined) await session?.appear(basic, data.statusText);
  }

  async presenceOf(subscriber: Address, asker: Address) {
    const session = this.ghosts.find(asker)?.session;
    const { sid } = await this.people.find(nativeOf(subscriber));
    const presence = session && this.inbound.presenceSeen(session, sid);
    return (
      presence && {
        availability: availabilityOf(presence.basic),
        ...(presence.mood ? { statusText: presence.mood } : {}),
      }
    );
  }

  async resolve(address: Address): Promise<ResolveReply> {
    return {
      code: '00',
      party: { ...this.people.party(await this.people.find(nativeOf(address))), address },
    };
  }

  get navigationUrl(): string {
    return this.settings.FETION_NAVIGATION_URL;
  }

  get operatorKey(): string | undefined {
    return this.settings.FETION_OPERATOR_KEY;
  }

  /** Sessions that wait for a person to read a picture. */
  waitingForCaptcha(): FetionConnection[] {
    return [this.robotSession, ...this.ghosts.all().map(({ session }) => session)].filter(
      ({ state, captchaAlgorithm }) => state === 'captcha' && captchaAlgorithm !== undefined,
    );
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

  private session(account: Account, owner: Owner): FetionConnection {
    const {
      FETION_NAVIGATION_URL: navigationUrl,
      FETION_REPLY_MS: replyMs,
      FETION_KEEPALIVE_MS: keepAliveMs,
    } = this.settings;
    const session = new FetionConnection(
      account,
      { navigationUrl, replyMs, keepAliveMs },
      async (up) => {
        // The name first: whoever is told of this account sees who it stands for.
        await this.ghosts.withMobile(account.mobile)?.tellName();
        await up.request('SUB', [['N', 'PresenceV4']], SUBSCRIBE_PRESENCE);
      },
      this.log,
    );
    session.on('up', () => this.count(session, true));
    session.on('down', () => this.count(session, false));
    session.on(
      'frame',
      guarded('Fetion frames', this.log, (frame: Frame) => this.inbound.take(session, owner, frame)),
    );
    return session;
  }

  private count(session: FetionConnection, up: boolean): void {
    if (up) this.up.add(session);
    else this.up.delete(session);
    metrics.adapterSessions.set({ network: this.network }, this.up.size);
  }

  private async untilUp(session: FetionConnection): Promise<void> {
    const deadline = Date.now() + LOGIN_PATIENCE_MS;
    while (!session.connected && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
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
