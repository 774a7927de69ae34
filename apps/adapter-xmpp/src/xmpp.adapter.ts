/** The XMPP adapter: one component stream per foreign network, ghosts on them, and the way in and out joined. */
import type { Element } from '@xmpp/component';
import {
  deliveryKey,
  isReserved,
  HubError,
  nativeOf,
  networkOf,
  isSuccess,
  reportWords,
  type Address,
  type ContactEvent,
  type MessageEvent,
  type Network,
  type PresenceEvent,
  type ReceiptEvent,
  type ReportEvent,
  type TypingEvent,
} from '#protocol';
import type {
  Abilities,
  Adapter,
  Delivered,
  DeliveryContext,
  Hub,
  MediaDelivering,
  MessageRef,
  OutgoingMedium,
  ChangeContext,
} from '#adapter-kit';
import type { Log } from '#service';
import { Contacts } from './contacts.js';
import { Excerpts } from './excerpts.js';
import { fileElements } from './files.js';
import {
  bodyText,
  chatState,
  correction,
  fileMessage,
  newMessage,
  notice,
  reactions,
  receipt,
  retraction,
  type Envelope,
  type Extras,
} from './from-canonical.js';
import { Ghosts } from './ghosts.js';
import { Inbound } from './inbound.js';
import { References } from './references.js';
import { networkDomain } from './jids.js';
import { upload } from './upload.js';
import { xmppCapabilities } from './xmpp.capabilities.js';
import { componentPort, type XmppSettings } from './xmpp.config.js';
import { XmppConnection } from './xmpp.connection.js';
import { errorElement } from './xmpp.errors.js';
import { xml } from '@xmpp/component';

/** How far before its own time an uncertain message is looked for in the recipient's archive. */
const CLOCK_SLACK_MS = 5 * 60_000;
const LATE_MS = 60_000;

export class XmppAdapter implements Adapter, Omit<Abilities, 'resolve' | 'deliverMedia'> {
  private hub!: Hub;
  private ghosts!: Ghosts;
  private contacts!: Contacts;
  private references!: References;
  private readonly excerpts = new Excerpts();
  private readonly connections = new Map<Network, XmppConnection>();
  readonly deliverMedia?: MediaDelivering['deliverMedia'];

  constructor(
    readonly network: Network,
    private readonly settings: XmppSettings,
    private readonly log: Log,
  ) {
    const { XMPP_UPLOAD_SERVICE: service } = settings;
    if (service !== undefined)
      this.deliverMedia = (event, medium, context) => this.medium(event, medium, context, service);
  }

  capabilities() {
    const { XMPP_UPLOAD_SERVICE: service, XMPP_UPLOAD_MB: mb } = this.settings;
    return xmppCapabilities(service === undefined ? undefined : mb);
  }

  /** One stream is enough: a domain that the server does not know must not hold up the others. */
  connected(): boolean {
    // A server may have no component for what is no member (numbers), and that alone carries nobody's words.
    return [...this.connections].some(([network, { connected }]) => connected && !isReserved(network));
  }

  start(hub: Hub): Promise<void> {
    this.hub = hub;
    this.ghosts = new Ghosts(hub, this.settings.XMPP_COMPONENT_DOMAIN);
    this.references = new References(hub);
    this.contacts = new Contacts(
      hub,
      this.ghosts,
      (ghost, stanza) => this.connections.get(networkOf(ghost))?.send(stanza),
      (ghost, stanza) => this.connectionTo(ghost).deliver(stanza),
    );
    hub.onPeers((peers) => this.serve(peers));
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.connections.values()].map((connection) => connection.stop()));
  }

  async deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    const reply = await this.replyTo(context);
    const text = bodyText(event);
    this.references.shown(event.data.from.address, event.data.to, event.id);
    this.excerpts.keep(deliveryKey(networkOf(event.data.from.address), event.id), text);
    return this.tell(event, context, (envelope, extras) => newMessage(envelope, text, { ...extras, reply }));
  }

  openMedia({ url = '' }: Record<string, string>, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return this.hub.media.download(url, signal);
  }

  async deliverEdit(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    await this.references.corrects(context.idempotencyKey, context.target);
    return this.tell(event, context, (envelope, extras) =>
      correction(envelope, firstId(context.target), bodyText(event), extras),
    );
  }

  async deliverRecall(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    await this.references.follows(context.idempotencyKey, event.data.from.address, event.data.to);
    return this.tell(event, context, (envelope, extras) =>
      retraction(envelope, firstId(context.target), extras),
    );
  }

  async deliverReaction(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    await this.references.follows(context.idempotencyKey, event.data.from.address, event.data.to);
    const change = event.data.content.reactions ?? { add: [], remove: [], current: [] };
    return this.tell(event, context, (envelope, extras) =>
      reactions(envelope, firstId(context.target), change, extras),
    );
  }

  /** XEP-0333 marks are up-to: the last one says it all. XEP-0184 receipts are one by one. */
  async deliverReceipt({ id, data }: ReceiptEvent, targets: MessageRef[]): Promise<void> {
    const shown = data.status === 'read' ? targets.slice(-1) : targets;
    const ghost = data.from.address;
    const [from, to] = [await this.ghosts.fullJidOf(ghost), nativeOf(data.to)];
    await Promise.all(
      shown.map((target, at) =>
        this.connectionTo(ghost).deliver(
          receipt(
            { from, to, id: this.references.idAfter(ghost, data.to, `${id}-${at}`) },
            data.status,
            firstId(target),
          ),
        ),
      ),
    );
  }

  async showReport(event: ReportEvent, target: MessageRef | undefined): Promise<void> {
    const { id, data } = event;
    if (!target && !isSuccess(data.code) && (await this.contacts.requestFailed(event))) return;
    const [from, to] = [await this.ghosts.jidOf(data.from.address), nativeOf(data.to)];
    const connection = this.connectionTo(data.from.address);
    const told = isSuccess(data.code);
    if (!told)
      await connection.deliver(
        xml(
          'message',
          { from, to: target?.conversation ?? to, type: 'error', id: target ? firstId(target) : id },
          errorElement(data.code),
        ),
      );
    // An error is for the client that sent; when that may be gone, the person is told in words that the server keeps.
    if (told || !target || Date.now() - target.at > LATE_MS)
      await connection.deliver(
        notice(
          { from, to, id: this.references.idAfter(data.from.address, data.to, id) },
          reportWords(data.code, 'en'),
        ),
      );
  }

  deliverContact(event: ContactEvent): Promise<void> {
    return this.contacts.fromBus(event);
  }

  async showTyping({ id, data }: TypingEvent): Promise<void> {
    const ghost = data.from.address;
    const [from, to] = [await this.ghosts.fullJidOf(ghost), nativeOf(data.to)];
    const envelope = { from, to, id: this.references.idAfter(ghost, data.to, id) };
    this.connectionTo(ghost).send(chatState(envelope, data.state));
  }

  showPresence(event: PresenceEvent): Promise<void> {
    return this.contacts.show(event);
  }

  presenceOf(subscriber: Address, asker: Address) {
    return this.contacts.of(subscriber, asker);
  }

  private async tell(
    event: MessageEvent,
    context: DeliveryContext,
    build: (envelope: Envelope, extras: Extras) => Element,
  ): Promise<Delivered> {
    const { from, to } = event.data;
    const connection = this.connectionTo(from.address);
    const envelope = {
      from: await this.ghosts.fullJidOf(from.address),
      to: nativeOf(to),
      id: context.idempotencyKey,
    };
    const uncertainSince =
      context.uncertain && (await connection.holdsBackDuplicates())
        ? new Date(Date.parse(event.time) - CLOCK_SLACK_MS)
        : undefined;
    await connection.deliver(
      build(envelope, { nick: this.ghosts.nameOf(from), delayedSince: context.delayedSince, uncertainSince }),
    );
    return { native: [envelope.id] };
  }

  private async medium(
    event: MessageEvent,
    medium: OutgoingMedium,
    context: DeliveryContext,
    service: string,
  ): Promise<Delivered> {
    const url = await upload(this.connectionTo(event.data.from.address), service, medium.file);
    const reply = await this.replyTo(context);
    return this.tell(event, context, (envelope, extras) =>
      fileMessage(envelope, fileElements(medium, url), { ...extras, reply }),
    );
  }

  private async replyTo({ target }: DeliveryContext): Promise<Extras['reply']> {
    return (
      target && {
        to: await this.jidOf(target.author),
        id: firstId(target),
        excerpt: this.excerpts.of(deliveryKey(networkOf(target.author), target.id)),
      }
    );
  }

  private async jidOf(address: Address): Promise<string> {
    return networkOf(address) === this.network ? nativeOf(address) : this.ghosts.jidOf(address);
  }

  private connectionTo(ghost: Address): XmppConnection {
    const connection = this.connections.get(networkOf(ghost));
    if (!connection) throw new HubError('91', `no component for ${networkOf(ghost)} yet`);
    return connection;
  }

  /** A stream for every live network; one for a network that left stays until the next start. */
  private serve(peers: Network[]): void {
    for (const peer of peers) {
      if (this.connections.has(peer)) continue;
      const {
        XMPP_HOST: host,
        XMPP_COMPONENT_SECRET: secret,
        XMPP_SERVER_DOMAIN: serverDomain,
        XMPP_COMPONENT_DOMAIN: parent,
      } = this.settings;
      const connection = new XmppConnection(
        {
          host,
          port: componentPort(this.settings, peer),
          domain: networkDomain(peer, parent),
          secret,
          serverDomain,
        },
        this.log,
      );
      this.connections.set(peer, connection);
      new Inbound(
        this.network,
        parent,
        connection,
        this.ghosts,
        this.contacts,
        this.excerpts,
        this.references,
        this.hub,
      );
      connection.start();
    }
  }
}

/** Edits, reactions and marks name the first stanza of a message. */
function firstId(target: MessageRef): string {
  return target.native[0] ?? target.id;
}
