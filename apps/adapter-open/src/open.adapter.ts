/** The adapter of every network that joins through the open interface. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  addressOf,
  HubError,
  isSuccess,
  levelOf,
  nativeOf,
  parseAddress,
  toHubError,
  type Address,
  type Availability,
  type Capabilities,
  type ContactEvent,
  type EventId,
  type Feature,
  type LeafPart,
  type MessageEvent,
  type Network,
  type Party,
  type PresenceEvent,
  type ReceiptEvent,
  type ReportEvent,
  type ResolveReply,
  type TypingEvent,
} from '#protocol';
import {
  type Abilities,
  type Adapter,
  type AttachmentDelivering,
  type AttachTools,
  type AvatarShowing,
  type ChangeContext,
  Connectivity,
  coversMessage,
  type Delivered,
  type DeliveryContext,
  firstNative,
  type Hub,
  lastNative,
  type MessageRef,
  type OutgoingAttachment,
} from '#adapter-kit';
import { guarded, LruCache, type Log } from '#service';
import {
  toContact,
  toEdit,
  toFailure,
  toMessage,
  toPresence,
  toReaction,
  toReceipt,
  toRecall,
  toTyping,
} from './from-canonical.js';
import { readFieldByField } from './field-by-field.js';
import { nativeAvatar, OpenAvatars } from './avatars.js';
import type { Transport } from './transport.js';
import { OpenMediaDesk } from './media.js';
import type { OpenSettings } from './open.config.js';
import { OpenEvent, WORD, type Verdict } from './open.schema.js';
import { capabilitiesOf, checkIdentity, loadProfile, type Profile } from './profiles.js';
import { Verifier } from './signature.js';
import { SocketConnection } from './open.connection.js';
import { contentOf, type Said } from './to-canonical.js';
import { WebhookClient } from './open.client.js';

const TYPING_TTL_MS = 20_000;
/** A message with an unreadable text is refused, not stored without its text. */
const WORDS: ReadonlySet<string> = new Set(['text']);

/** What exists between the start of the adapter and its stop. */
interface OpenSession {
  hub: Hub;
  media: OpenMediaDesk;
  avatars: OpenAvatars;
}

export class OpenAdapter implements Adapter, Partial<Abilities> {
  readonly connectivity = new Connectivity();
  readonly verifier: Verifier;
  /** With a webhook only: a network opens one WebSocket, to one process. */
  readonly sharesPartitions?: true;
  readonly showAvatar?: AvatarShowing['showAvatar'];
  readonly deliverAttachment?: AttachmentDelivering['deliverAttachment'];
  readonly deliverEdit?: (event: MessageEvent, context: ChangeContext) => Promise<Delivered>;
  readonly deliverRecall?: (event: MessageEvent, context: ChangeContext) => Promise<Delivered>;
  readonly deliverReaction?: (event: MessageEvent, context: ChangeContext) => Promise<Delivered>;
  readonly deliverReceipt?: (event: ReceiptEvent, targets: MessageRef[]) => Promise<void>;
  readonly deliverContact?: (event: ContactEvent) => Promise<void>;
  readonly showTyping?: (event: TypingEvent) => Promise<void>;
  readonly showPresence?: (event: PresenceEvent) => Promise<void>;
  private readonly profile: Profile;
  private readonly told: Capabilities;
  private readonly socket: SocketConnection;
  private readonly webhook: WebhookClient | undefined;
  /** The last presence of each person, by person and recipient. */
  private readonly presences = new LruCache<string, { availability: Availability; statusText?: string }>({
    max: 50_000,
  });
  private session: OpenSession | undefined;

  constructor(
    readonly network: Network,
    settings: OpenSettings,
    private readonly log: Log,
  ) {
    this.profile = loadProfile(settings.OPEN_PROFILE);
    this.told = capabilitiesOf(settings.OPEN_PROFILE, this.profile, settings.OPEN_IDS);
    this.verifier = new Verifier(settings.OPEN_KEY);
    const changed = () => (this.connectivity.connected = this.transport.connected);
    this.socket = new SocketConnection(this.verifier, (event) => this.take(event), changed, log);
    if (settings.OPEN_WEBHOOK_URL !== undefined) {
      const url = new URL(settings.OPEN_WEBHOOK_URL);
      this.webhook = new WebhookClient(url, settings.OPEN_KEY, changed, log);
      this.sharesPartitions = true;
    }
    const shows = (...features: Feature[]) => features.some((feature) => levelOf(this.told, feature) > 0);
    if (shows('media'))
      this.deliverAttachment = (event, medium, context) => this.medium(event, medium, context);
    if (this.told.avatars !== undefined)
      this.showAvatar = ({ address }, picture) => this.started.avatars.show(address, picture);
    if (shows('edit'))
      this.deliverEdit = (event, { idempotencyKey, piece }) =>
        this.tell(toEdit(event, idempotencyKey, piece.id));
    if (shows('recall'))
      this.deliverRecall = (event, { idempotencyKey, piece }) =>
        this.tell(toRecall(event, idempotencyKey, piece.id));
    if (shows('reaction'))
      this.deliverReaction = (event, { idempotencyKey, piece }) =>
        this.tell(toReaction(event, idempotencyKey, piece.id));
    if (shows('delivered', 'read')) this.deliverReceipt = (event, targets) => this.receipts(event, targets);
    if (shows('contact')) this.deliverContact = (event) => this.show(toContact(event));
    if (shows('typing')) this.showTyping = (event) => this.show(toTyping(event));
    if (shows('presence')) this.showPresence = (event) => this.show(toPresence(event));
  }

  capabilities(): Capabilities {
    return this.told;
  }

  /** The network opens its WebSocket on the HTTP server of the REST interface. */
  attach(server: Server, tools: AttachTools): void {
    server.on(
      'upgrade',
      guarded('WebSocket', this.log, (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        this.socket.upgrade(request, socket, head, tools),
      ),
    );
  }

  start(hub: Hub): Promise<void> {
    const media = new OpenMediaDesk(hub);
    this.session = { hub, media, avatars: new OpenAvatars(hub.recent, media) };
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.socket.stop();
    this.webhook?.stop();
    return Promise.resolve();
  }

  deliver(
    event: MessageEvent,
    { idempotencyKey: id, target, delayedSince }: DeliveryContext,
  ): Promise<Delivered> {
    return this.tell(toMessage(event, { id, delayedSince, target: target && firstNative(target) }));
  }

  private async medium(
    event: MessageEvent,
    medium: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered> {
    const { idempotencyKey: id, target, delayedSince } = context;
    const { media, keeps } = await this.media.shown(medium);
    const told = toMessage(event, { id, delayedSince, target: target && firstNative(target), media });
    return { ...(await this.tell(told)), keeps };
  }

  async showReport(event: ReportEvent, target: MessageRef | undefined): Promise<void> {
    await this.tell(toFailure(event, target ? firstNative(target) : event.data.message, this.told.language));
  }

  presenceOf(
    subscriber: Address,
    asker: Address,
  ): Promise<{ availability: Availability; statusText?: string } | undefined> {
    return Promise.resolve(
      this.presences.get(`${this.started.hub.canonical(subscriber)} ${this.started.hub.canonical(asker)}`),
    );
  }

  async resolve(address: Address): Promise<ResolveReply> {
    const { name } = await this.transport.lookUp(nativeOf(address));
    return { code: '00', party: { address, ...(name ? { displayName: name } : {}) } };
  }

  /** Whether a remote person exists, and their name. */
  lookUp(address: string): Promise<ResolveReply> {
    parseAddress(address);
    return this.started.hub.resolve(address as Address);
  }

  peers(): Network[] {
    return this.started.hub.peers();
  }

  /** Resolves when the event is stored or refused. Events of a conversation are processed in the order of the calls. */
  async take(raw: unknown): Promise<Verdict> {
    const read = readFieldByField(OpenEvent, raw, WORDS);
    const id = idOf(raw);
    try {
      if (!read.success) throw new HubError('30', read.issue);
      const ignored = [...read.ignored, ...(await this.inTurn(read.data))];
      if (ignored.length === 0) return { id, accepted: true };
      this.log.info({ ignored }, 'event taken without the optional fields that could not be read');
      return { id, accepted: true, ignored };
    } catch (thrown) {
      const { code, detail, verdict } = toHubError(thrown);
      this.log.info({ code, reason: detail }, 'event refused');
      return { id, accepted: false, code, detail, again: verdict === 'retry' };
    }
  }

  /** An event that needs no lookup is published at once, and the bus keeps the order; any other one holds its conversation. */
  private inTurn(event: OpenEvent): Promise<string[]> {
    return this.started.hub.inbound.begin(`${event.from.id} ${event.to}`, async () => {
      const done = this.carryOut(event);
      if (waits(event)) await done;
      return { stored: done };
    });
  }

  /** The avatar that the network uploaded for one of its people. */
  openAttachment({ upload = '' }: Record<string, string>): Promise<AsyncIterable<Uint8Array>> {
    return this.started.avatars.open(upload);
  }

  get media(): OpenMediaDesk {
    return this.started.media;
  }

  /** @throws HubError 91 before the start */
  private get started(): OpenSession {
    if (!this.session) throw new HubError('91', 'the adapter is not started');
    return this.session;
  }

  private get transport(): Transport {
    return this.webhook !== undefined && !this.socket.connected ? this.webhook : this.socket;
  }

  private async tell(event: OpenEvent): Promise<Delivered> {
    const answer = await this.transport.send(await this.started.avatars.added(event));
    return { native: [answer.id ?? event.id] };
  }

  private async show(event: OpenEvent): Promise<void> {
    await this.tell(event);
  }

  private async receipts(event: ReceiptEvent, targets: MessageRef[]): Promise<void> {
    // "read" covers all messages up to the last; "delivered" is sent for each.
    const shown =
      event.data.status === 'read'
        ? targets.slice(-1).map(lastNative)
        : targets.flatMap(({ native }) => native);
    for (const [at, target] of shown.entries())
      await this.tell(toReceipt(event, `${event.id}-${at}`, target));
  }

  /** @returns names of optional fields that were left out */
  private async carryOut(event: OpenEvent): Promise<string[]> {
    if (event.kind === 'message') return this.message(event);
    await this.carryOutChange(event);
    return [];
  }

  /** A reply to a message that never crossed is stored as a message without a reference. */
  private async message(event: Extract<OpenEvent, { kind: 'message' }>): Promise<string[]> {
    const [from, to] = this.between(event);
    const target =
      event.replyTo === undefined ? undefined : await this.started.hub.findReferred(event.replyTo);
    await this.submit(event, from, to, target?.id);
    return event.replyTo !== undefined && !target ? ['replyTo'] : [];
  }

  private async carryOutChange(event: Exclude<OpenEvent, { kind: 'message' }>): Promise<void> {
    const [from, to] = this.between(event);
    const id = event.id;
    switch (event.kind) {
      case 'edit':
      case 'recall':
      case 'reaction':
        return this.submit(event, from, to, (await this.target(event.target)).id);
      case 'delivered':
      case 'read': {
        const target = await this.target(event.target);
        // A message that became several native messages is covered only by a receipt for the last one.
        if (!coversMessage(target, event.target)) return;
        await this.started.hub.submitReceipt({
          nativeId: id,
          from,
          to,
          status: event.kind,
          messages: [target.id],
          upTo: event.kind === 'read',
          basis: event.basis,
        });
        return;
      }
      case 'typing':
        return this.started.hub.typing(from, to, event.state, TYPING_TTL_MS);
      case 'presence': {
        const { state: availability, text: statusText } = event;
        this.presences.set(`${from.address} ${to}`, { availability, ...(statusText ? { statusText } : {}) });
        return this.started.hub.presence(from, to, availability, statusText);
      }
      case 'contact':
        await this.started.hub.submitContact({
          nativeId: id,
          from,
          to,
          action: event.state,
          ...(event.text ? { note: event.text } : {}),
        });
        return;
      case 'failure': {
        const { code, target: native, text: detail } = event;
        if (isSuccess(code)) throw new HubError('30', `code: ${code} is no failure`);
        return this.started.hub.submitOutcome({ native }, { stage: 'failed', basis: WORD, code, detail });
      }
    }
  }

  private async submit(event: Said, from: Party, to: Address, target: EventId | undefined): Promise<void> {
    const content = contentOf(event, target, await this.mediaOf(event));
    if (content.body.kind === 'null' && (event.kind === 'message' || event.kind === 'edit'))
      throw new HubError('30', `the ${event.kind} says nothing`);
    const reactions =
      event.kind === 'reaction' && target !== undefined
        ? await this.started.hub.reactionsAfter({ from: from.address, to, target }, { current: event.emoji })
        : undefined;
    await this.started.hub.submitMessage({
      nativeId: event.id,
      from,
      to,
      sentAt: event.at === undefined ? new Date() : new Date(event.at),
      content: { ...content, ...(reactions ? { reactions } : {}) },
      ...(event.kind === 'message' ? { requestStatus: event.wants } : {}),
    });
  }

  private async mediaOf(event: Said): Promise<LeafPart[]> {
    if (event.kind !== 'message' && event.kind !== 'edit') return [];
    const named: LeafPart[] = [];
    if (event.media) named.push(await this.media.named(event.media, 'attachment'));
    if (event.sticker) named.push(await this.media.named(event.sticker, 'inline'));
    return named;
  }

  /** Checks that the sender belongs to this network and the recipient to another. @throws HubError 30, 31 */
  private between(event: OpenEvent): [Party, Address] {
    checkIdentity(this.profile, event.from.id);
    const to = parseAddress(event.to);
    if (to.network === this.network) throw new HubError('30', '"to" is one of your own people');
    const from = this.started.hub.canonical(addressOf(this.network, event.from.id));
    const { avatar } = event.from;
    if (avatar !== undefined) this.started.hub.learn(from, { avatar: nativeAvatar(avatar) });
    return [
      { address: from, ...(event.from.name ? { displayName: event.from.name } : {}) },
      this.started.hub.canonical(event.to as Address),
    ];
  }

  private async target(native: string): Promise<MessageRef> {
    const found = await this.started.hub.findReferred(native);
    if (!found) throw new HubError('25', 'the message that this is about never crossed, or is too old');
    return found;
  }
}

/** Whether processing the event needs a lookup on the bus: later events of its conversation then wait for it. */
function waits(event: OpenEvent): boolean {
  if (event.kind !== 'message') return true;
  return event.replyTo !== undefined || event.media !== undefined || event.sticker !== undefined;
}

/** The id of an event that may be invalid. An object has none: it may not be convertible to text. */
function idOf(raw: unknown): string {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 255) : '';
}
