/** Joins the wire of Youxin and its translators: a registrar for people with SIP phones, and a trunk to where they are not. */
import { systemClock } from '#adapter-session';
import {
  Connectivity,
  firstNative,
  type Adapter,
  type ContactDelivering,
  type Delivered,
  type DeliveryContext,
  type Hub,
  type MessageRef,
  type PresenceShowing,
  type ReceiptDelivering,
  type ReportShowing,
  type Resolving,
  type TypingShowing,
} from '#adapter-kit';
import {
  HubError,
  nativeOf,
  reportWords,
  type Address,
  type ContactEvent,
  type MessageEvent,
  type Network,
  type Party,
  type PresenceEvent,
  type ReceiptEvent,
  type ReportEvent,
  type ResolveReply,
  type TypingEvent,
} from '#protocol';
import { runInBackground, type Log } from '#service';
import { Contacts } from './contacts.js';
import {
  composing,
  notice,
  notification,
  textOf,
  words,
  type Envelope,
  type Payload,
} from './from-canonical.js';
import { Ghosts } from './ghosts.js';
import { Inbound } from './inbound.js';
import { Phones, type Taken } from './phones.js';
import { Publications } from './publications.js';
import { Registrar } from './registrar.js';
import { SIP_CAPABILITIES } from './sip.capabilities.js';
import { readAccounts, type SipAccount, type SipSettings } from './sip.config.js';
import { SipConnection } from './sip.connection.js';
import { requestHandlers } from './request-handlers.js';
import { Subscriptions } from './subscriptions.js';
import { mustHaveTrunk, Trunk } from './trunk.js';
import { Uris } from './uris.js';

/** What exists between `start` and `stop`. */
interface Running {
  hub: Hub;
  accounts: ReadonlyMap<string, SipAccount>;
  connection: SipConnection;
  registrar: Registrar;
  phones: Phones;
  publications: Publications;
  subscriptions: Subscriptions;
  contacts: Contacts;
  ghosts: Ghosts;
  trunk: Trunk | undefined;
}

export class SipAdapter
  implements
    Adapter,
    ContactDelivering,
    PresenceShowing,
    ReceiptDelivering,
    ReportShowing,
    Resolving,
    TypingShowing
{
  readonly connectivity = new Connectivity();
  private running: Running | undefined;
  private readonly uris: Uris;

  constructor(
    readonly network: Network,
    private readonly settings: SipSettings,
    private readonly log: Log,
  ) {
    const { SIP_DOMAIN, SIP_TRUNK_HOST, SIP_TRUNK_DOMAIN } = settings;
    this.uris = new Uris(network, SIP_DOMAIN, SIP_TRUNK_DOMAIN ?? SIP_TRUNK_HOST);
  }

  capabilities() {
    return SIP_CAPABILITIES;
  }

  async start(hub: Hub): Promise<void> {
    const { settings, log, uris } = this;
    const accounts = readAccounts(settings.SIP_ACCOUNTS);
    const [clock, maxExpires] = [systemClock, settings.SIP_MAX_EXPIRES];
    const registrar = new Registrar({ memory: hub.memory, minExpires: settings.SIP_MIN_EXPIRES, maxExpires });
    await registrar.load();
    const publications: Publications = new Publications({
      clock,
      maxExpires,
      changed: (user, presence) => contacts.changed(user, presence),
    });
    const subscriptions: Subscriptions = new Subscriptions({
      clock,
      log,
      maxExpires,
      contact: () => connection.contact,
      send: (request, flow) => connection.endpoint.request(request, flow),
    });
    const contacts = new Contacts({
      hub,
      subscriptions,
      publications,
      addressOf: (user) => uris.ownAddress(user),
      tell: (user, event) => this.askForContact(user, event),
    });
    const inbound = new Inbound({
      hub,
      uris,
      relay: (caller, to, request) => this.relay(caller.native, caller.displayName, to, request),
    });
    const handlers = requestHandlers({
      registrar,
      inbound,
      publications,
      contacts,
      isTrunk: (flow) => this.running?.trunk?.owns(flow) ?? false,
    });
    const connection = await SipConnection.open({ settings, accounts, uris, log, handlers });
    const phones = new Phones(connection.endpoint, registrar, log);
    const trunk = this.openTrunk(connection);
    const ghosts = new Ghosts(hub, uris);
    this.running = {
      hub,
      accounts,
      connection,
      registrar,
      phones,
      publications,
      subscriptions,
      contacts,
      ghosts,
      trunk,
    };
    this.connectivity.connected = true;
    if (trunk) runInBackground('SIP trunk', log, () => trunk.run());
  }

  async stop(): Promise<void> {
    const { running } = this;
    if (!running) return;
    running.phones.stopping = true;
    running.trunk?.stop();
    running.subscriptions.stop();
    running.publications.stop();
    await running.connection.endpoint.close();
  }

  async deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    const { hub } = this.started;
    const { from, to } = event.data;
    const { idempotencyKey: key, delayedSince } = context;
    const user = this.reachable(to);
    const envelope = await this.envelope(from, user, key);
    const payload = words(
      textOf(event),
      envelope,
      key,
      delayedSince ?? new Date(event.data.sentAt),
      delayedSince !== undefined,
    );
    const send = async (): Promise<Delivered> => {
      const taken = await this.send(user, envelope, payload);
      const handedOn = taken === 'handed on' ? { stage: 'submitted' as const } : {};
      return { native: [key], basis: this.uris.isAbroad(user) ? 'network' : 'user-device', ...handedOn };
    };
    return hub.atMostOnce(key, send, context.uncertain);
  }

  async deliverReceipt({ id, data }: ReceiptEvent, targets: MessageRef[]): Promise<void> {
    const user = this.reachable(data.to);
    const status = data.status === 'read' ? 'displayed' : 'delivered';
    for (const [at, target] of targets.entries()) {
      const envelope = await this.envelope(data.from, user, `${id}-${at}`);
      const about = {
        messageId: firstNative(target),
        status,
        id: `${id}-${at}`,
        at: new Date(data.at),
      } as const;
      await this.tolerant(() => this.send(user, envelope, notification(envelope, about)));
    }
  }

  async showReport({ id, data }: ReportEvent): Promise<void> {
    const user = this.reachable(data.to);
    const envelope = await this.envelope(data.from, user, id);
    const send = async () => {
      await this.send(user, envelope, notice(reportWords(data.code, 'zh')));
      return { native: [] };
    };
    await this.started.hub.atMostOnce(id, send);
  }

  async deliverContact(event: ContactEvent): Promise<void> {
    await this.started.contacts.fromBus(event, this.reachable(event.data.to));
  }

  async showTyping({ id, data }: TypingEvent): Promise<void> {
    const user = this.reachable(data.to);
    const envelope = await this.envelope(data.from, user, id);
    await this.send(user, envelope, composing(data.state === 'composing', data.ttlMs));
  }

  showPresence(event: PresenceEvent): Promise<void> {
    this.started.contacts.show(event, nativeOf(event.data.to));
    return Promise.resolve();
  }

  presenceOf(subscriber: Address, asker: Address) {
    return this.started.contacts.of(nativeOf(subscriber), asker);
  }

  resolve(address: Address): Promise<ResolveReply> {
    const user = this.reachable(address);
    const displayName = this.started.accounts.get(user)?.displayName;
    return Promise.resolve({ code: '00', party: { address, ...(displayName ? { displayName } : {}) } });
  }

  /** The native id of somebody who exists. @throws HubError 14 */
  private reachable(address: Address): string {
    const native = nativeOf(address);
    const { accounts, trunk } = this.started;
    if (accounts.has(native) || (trunk && this.uris.isAbroad(native))) return native;
    throw new HubError('14', 'nobody of that name has an account here');
  }

  private send(user: string, envelope: Envelope, payload: Payload): Promise<Taken> {
    const { phones, trunk } = this.started;
    if (!this.uris.isAbroad(user)) return phones.send(user, envelope, payload);
    return mustHaveTrunk(trunk).send(this.uris.own(user), envelope, payload);
  }

  private async envelope(from: Party, user: string, callId: string): Promise<Envelope> {
    const { ghosts } = this.started;
    const uri = await ghosts.uriOf(from.address);
    return { from: uri, name: ghosts.nameOf(from), to: this.uris.own(user), callId };
  }

  /** A receipt that a phone does not understand, or that comes when no phone is there, is not sent again. */
  private async tolerant(send: () => Promise<unknown>): Promise<void> {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      this.log.debug({ code: error.code, reason: error.detail }, 'a receipt was not shown');
    }
  }

  /** @throws HubError 14, and what the phones say */
  private async relay(
    from: string,
    name: string | undefined,
    to: string,
    { headers, body }: { headers: readonly (readonly [string, string])[]; body: Buffer },
  ): Promise<number> {
    const user = this.reachable(this.uris.ownAddress(to));
    const of = (wanted: string) => headers.find(([known]) => known === wanted)?.[1];
    const envelope = {
      from: this.uris.own(from),
      name,
      to: this.uris.own(user),
      callId: of('call-id') ?? '',
    };
    const contentType = of('content-type') ?? 'text/plain';
    const taken = await this.send(user, envelope, { contentType, body: body.toString('utf8') });
    return taken === 'delivered' ? 200 : 202;
  }

  private async askForContact(user: string, { id, data }: ContactEvent): Promise<void> {
    const envelope = await this.envelope(data.from, user, id);
    const note = data.note ? `：${data.note}` : '';
    const text = `${envelope.name} 想看到您的在线状态${note}。同意请将 ${envelope.from} 加为联系人。`;
    await this.send(user, envelope, notice(text));
  }

  private openTrunk({ endpoint, contact }: SipConnection): Trunk | undefined {
    const { settings, log } = this;
    const { SIP_TRUNK_HOST: host } = settings;
    if (host === undefined) return undefined;
    return new Trunk({
      endpoint,
      log,
      host,
      port: settings.SIP_TRUNK_PORT,
      transport: settings.SIP_TRUNK_TRANSPORT,
      domain: settings.SIP_TRUNK_DOMAIN ?? host,
      user: settings.SIP_TRUNK_USER,
      password: settings.SIP_TRUNK_PASSWORD,
      route: settings.SIP_TRUNK_ROUTE,
      contact: () => contact,
    });
  }

  /** @throws HubError 91 before the start */
  private get started(): Running {
    if (!this.running) throw new HubError('91', 'the SIP adapter is not started');
    return this.running;
  }
}
