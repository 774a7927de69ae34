/** The XMPP adapter: one component stream for each remote network, with the ghosts of that network on it. */
import type { Element } from '@xmpp/component';
import {
  deliveryKey,
  HubError,
  nativeOf,
  networkOf,
  isSuccess,
  reportWords,
  type Address,
  type ContactEvent,
  type MessageEvent,
  type Network,
  type Party,
  type PresenceEvent,
  type ReceiptEvent,
  type ReportEvent,
  type TypingEvent,
} from '#protocol';
import {
  type Abilities,
  type Adapter,
  type AttachmentDelivering,
  type ChangeContext,
  type Connectivity,
  type Delivered,
  type DeliveryContext,
  firstNative,
  type Hub,
  lastNative,
  type MessageRef,
  type NativeProfile,
  type OutgoingAttachment,
} from '#adapter-kit';
import type { MediaFile } from '#media';
import type { Log } from '#service';
import { ComponentStreams } from './component-streams.js';
import { Contacts } from './contacts.js';
import { Excerpts } from './excerpts.js';
import { fileElements } from './files.js';
import {
  bodyText,
  chatState,
  correction,
  fileMessage,
  newMessage,
  unstyled,
  notice,
  reactions,
  receipt,
  retraction,
  type Envelope,
  type Extras,
} from './from-canonical.js';
import { Ghosts } from './ghosts.js';
import { Inbound } from './inbound.js';
import { askThrough, isAvatar, People } from './people.js';
import { avatarEvent } from './profile-elements.js';
import { References } from './references.js';
import { upload } from './upload.js';
import { xmppCapabilities } from './xmpp.capabilities.js';
import type { XmppSettings } from './xmpp.config.js';
import type { XmppConnection } from './xmpp.connection.js';
import { errorElement } from './xmpp.errors.js';
import { xml } from '@xmpp/component';

/** A message in doubt is searched in the recipient's archive from this long before its own time, ms. */
const CLOCK_SLACK_MS = 5 * 60_000;
const LATE_MS = 60_000;

/** What exists between the start of the adapter and its stop. */
interface XmppSession {
  hub: Hub;
  ghosts: Ghosts;
  people: People;
  references: References;
  contacts: Contacts;
}

export class XmppAdapter
  implements Adapter, Omit<Abilities, 'resolve' | 'deliverAttachment' | 'deliverCall'>
{
  /** A server takes one connection for each component (Prosody), or divides what it sends among them (ejabberd). */
  readonly worksAlone = true;
  private session: XmppSession | undefined;
  private readonly excerpts = new Excerpts();
  private readonly streams: ComponentStreams;
  /** Servers report profile changes only to contacts of the person, so profiles are read again after this time. */
  readonly profileAgeMs: number;
  readonly deliverAttachment?: AttachmentDelivering['deliverAttachment'];

  constructor(
    readonly network: Network,
    private readonly settings: XmppSettings,
    log: Log,
  ) {
    this.streams = new ComponentStreams(settings, log, (connection) => this.read(connection));
    const { XMPP_UPLOAD_SERVICE: service } = settings;
    this.profileAgeMs = settings.XMPP_PROFILE_SECONDS * 1000;
    if (service !== undefined)
      this.deliverAttachment = (event, medium, context) => this.medium(event, medium, context, service);
  }

  capabilities() {
    const { XMPP_UPLOAD_SERVICE: service, XMPP_UPLOAD_MB: mb } = this.settings;
    return xmppCapabilities(service === undefined ? undefined : mb);
  }

  get connectivity(): Connectivity {
    return this.streams.connectivity;
  }

  start(hub: Hub): Promise<void> {
    const ghosts = new Ghosts(hub, this.settings.XMPP_COMPONENT_DOMAIN);
    const ask = askThrough(() => this.streams.all());
    this.session = {
      hub,
      ghosts,
      people: new People(this.network, hub, ask),
      references: new References(hub),
      contacts: new Contacts(
        hub,
        ghosts,
        (ghost, stanza) => this.streams.find(ghost)?.send(stanza),
        (ghost, stanza) => this.connectionTo(ghost).deliver(stanza),
      ),
    };
    hub.onPeers((peers) => this.streams.serve(peers));
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await this.streams.stop();
  }

  async deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered> {
    const reply = await this.replyTo(context);
    const text = bodyText(event);
    this.started.references.shown(event.data.from.address, event.data.to, event.id);
    // Only for the first piece of a long text.
    const key = deliveryKey(networkOf(event.data.from.address), event.id);
    if (context.idempotencyKey === key) this.excerpts.keep(key, text);
    return this.tell(event, context, (envelope, extras) =>
      newMessage(envelope, text, { ...extras, reply, unstyled: unstyled(event), call: context.call }),
    );
  }

  openAttachment(source: Record<string, string>, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    if (isAvatar(source)) return this.started.people.open(source, signal);
    return this.started.hub.attachments.download(source['url'] ?? '', signal);
  }

  profileOf(address: Address): Promise<NativeProfile> {
    return this.started.people.profileOf(address);
  }

  async showAvatar({ address }: Party, picture: MediaFile | undefined, to: Address): Promise<void> {
    const photo = await this.started.ghosts.avatars.set(address, picture);
    const ghost = await this.started.ghosts.jidOf(address);
    this.connectionTo(address).send(avatarEvent(ghost, nativeOf(to), photo));
  }

  async deliverEdit(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    await this.started.references.corrects(context.idempotencyKey, context.target);
    return this.tell(event, context, (envelope, extras) =>
      correction(envelope, context.piece.id, bodyText(event), {
        ...extras,
        unstyled: unstyled(event),
      }),
    );
  }

  async deliverRecall(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    await this.started.references.follows(context.idempotencyKey, event.data.from.address, event.data.to);
    return this.tell(event, context, (envelope, extras) => retraction(envelope, context.piece.id, extras));
  }

  async deliverReaction(event: MessageEvent, context: ChangeContext): Promise<Delivered> {
    await this.started.references.follows(context.idempotencyKey, event.data.from.address, event.data.to);
    const change = event.data.content.reactions ?? { add: [], remove: [], current: [] };
    return this.tell(event, context, (envelope, extras) =>
      reactions(envelope, context.piece.id, change, extras),
    );
  }

  /** A XEP-0333 marker covers all earlier messages, so only the last is sent. XEP-0184 receipts are sent for each stanza. */
  async deliverReceipt({ id, data }: ReceiptEvent, targets: MessageRef[]): Promise<void> {
    const shown =
      data.status === 'read' ? targets.slice(-1).map(lastNative) : targets.flatMap(({ native }) => native);
    const ghost = data.from.address;
    const [from, to] = [await this.started.ghosts.fullJidOf(ghost), nativeOf(data.to)];
    await Promise.all(
      shown.map((target, at) =>
        this.connectionTo(ghost).deliver(
          receipt(
            { from, to, id: this.started.references.idAfter(ghost, data.to, `${id}-${at}`) },
            data.status,
            target,
          ),
        ),
      ),
    );
  }

  async showReport(event: ReportEvent, target: MessageRef | undefined): Promise<void> {
    const { id, data } = event;
    if (!target && !isSuccess(data.code) && (await this.started.contacts.requestFailed(event))) return;
    const [from, to] = [await this.started.ghosts.jidOf(data.from.address), nativeOf(data.to)];
    const connection = this.connectionTo(data.from.address);
    const told = isSuccess(data.code);
    if (!told)
      await connection.deliver(
        xml(
          'message',
          { from, to: target?.conversation ?? to, type: 'error', id: target ? firstNative(target) : id },
          errorElement(data.code),
        ),
      );
    // An error reaches only the client that sent the message. If it may be gone, a text follows that the server archives.
    if (told || !target || Date.now() - target.at > LATE_MS)
      await connection.deliver(
        notice(
          { from, to, id: this.started.references.idAfter(data.from.address, data.to, id) },
          reportWords(data.code, 'en'),
        ),
      );
  }

  deliverContact(event: ContactEvent): Promise<void> {
    return this.started.contacts.fromBus(event);
  }

  async showTyping({ id, data }: TypingEvent): Promise<void> {
    const ghost = data.from.address;
    const [from, to] = [await this.started.ghosts.fullJidOf(ghost), nativeOf(data.to)];
    const envelope = { from, to, id: this.started.references.idAfter(ghost, data.to, id) };
    this.connectionTo(ghost).send(chatState(envelope, data.state));
  }

  showPresence(event: PresenceEvent): Promise<void> {
    return this.started.contacts.show(event);
  }

  presenceOf(subscriber: Address, asker: Address) {
    return this.started.contacts.of(subscriber, asker);
  }

  private async tell(
    event: MessageEvent,
    context: DeliveryContext,
    build: (envelope: Envelope, extras: Extras) => Element,
  ): Promise<Delivered> {
    const { from, to } = event.data;
    const connection = this.connectionTo(from.address);
    const envelope = {
      from: await this.started.ghosts.fullJidOf(from.address),
      to: nativeOf(to),
      id: context.idempotencyKey,
    };
    const uncertainSince =
      context.uncertain && (await connection.holdsBackDuplicates())
        ? new Date(Date.parse(event.time) - CLOCK_SLACK_MS)
        : undefined;
    await connection.deliver(
      build(envelope, {
        nick: this.started.ghosts.nameOf(from),
        delayedSince: context.delayedSince,
        uncertainSince,
      }),
    );
    return { native: [envelope.id] };
  }

  private async medium(
    event: MessageEvent,
    medium: OutgoingAttachment,
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
        id: firstNative(target),
        excerpt: this.excerpts.of(deliveryKey(networkOf(target.author), target.id)),
      }
    );
  }

  private async jidOf(address: Address): Promise<string> {
    return networkOf(address) === this.network ? nativeOf(address) : this.started.ghosts.jidOf(address);
  }

  private read(connection: XmppConnection): void {
    const { network, excerpts } = this;
    const componentDomain = this.settings.XMPP_COMPONENT_DOMAIN;
    new Inbound({ network, componentDomain, connection, excerpts, ...this.started });
  }

  private connectionTo(ghost: Address): XmppConnection {
    return this.streams.to(ghost);
  }

  /** @throws HubError 91 before the start */
  private get started(): XmppSession {
    if (!this.session) throw new HubError('91', 'the adapter is not started');
    return this.session;
  }
}
