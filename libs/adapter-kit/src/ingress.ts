/** Native -> bus: makes events of drafts and stores them. Nothing is acknowledged before it resolves. */
import {
  pathOf,
  bodyOf,
  HubError,
  directConversation,
  EVENT_SCHEMAS,
  encodeEvent,
  isDeliveryKey,
  eventId,
  laneOf,
  leaves,
  networkOf,
  subjects,
  contentKind,
  type Address,
  type DurableEvent,
  type EventId,
  type EventKind,
  type Network,
  type Party,
} from '#protocol';
import type { OrderedPublisher } from '#bus';
import { metrics } from '#service';
import type { ContactDraft, MessageDraft, MessageRef, ReceiptDraft } from './adapter.contract.js';
import type { Correlation } from './correlation.js';
import { unavailable, withinBounds, type FetchedAttachment } from './attachments/incoming.js';
import { withDelivered } from './native-pieces.js';
import { presentableParty } from './presentable-party.js';
import type { PendingMessages } from './attachments/pending-messages.js';

/** After this long in transit a message is of no use to anybody (code 68). */
const EXPIRES_AFTER_MS = 48 * 3600 * 1000;

export class Ingress {
  private readonly waiting: PendingMessages;

  constructor(
    private readonly network: Network,
    private readonly publisher: OrderedPublisher,
    private readonly correlation: Correlation,
    waiting: (release: Ingress['release']) => PendingMessages,
  ) {
    this.waiting = waiting((draft, media) => this.release(draft, media));
  }

  async message(said: MessageDraft): Promise<EventId> {
    const draft = said.media ? { ...said, media: said.media.map(withinBounds) } : said;
    const id = eventId(this.network, 'message', identityOf(draft));
    if (this.isEcho(draft.from.address, [draft.nativeId, ...(draft.references ?? [])])) return id;
    // As it would be if no medium came: what is wrong with it is told to the network now, or never.
    const event = this.messageEvent(
      draft,
      (draft.media ?? []).map((native) => unavailable(native, '107')),
    );
    const waits = (draft.media?.length ?? 0) > 0 || this.waiting.holds(event.subject);
    const stored = [waits ? this.waiting.admit(event.subject, draft) : this.store(event, 'message')];
    if (contentKind(draft.content) === 'new') {
      const ref = refOf(draft, id);
      stored.push(this.correlation.store(ref, draft.references ?? [identityOf(draft), ...ref.native]));
    }
    await Promise.all(stored);
    return id;
  }

  /** A message whose media have come, or have not. */
  async release(draft: MessageDraft, media: FetchedAttachment[]): Promise<void> {
    await this.store(this.messageEvent(draft, media), 'message');
  }

  private messageEvent(draft: MessageDraft, fetched: FetchedAttachment[]): DurableEvent {
    const {
      nativeId,
      identity: _i,
      conversation,
      references: _r,
      media: _m,
      natives: _n,
      sentAt,
      content,
      ...data
    } = draft;
    const degradations = fetched.flatMap((one) => one.degradations);
    const words = leaves(content.body).filter(({ kind }) => kind !== 'null');
    const body = fetched.length === 0 ? content.body : bodyOf([...fetched.map(({ part }) => part), ...words]);
    return this.event('message', eventId(this.network, 'message', identityOf(draft)), draft.from, draft.to, {
      ...data,
      content: { ...content, body },
      sentAt: sentAt.toISOString(),
      native: { id: nativeId, ...(conversation === undefined ? {} : { conversation }) },
      ...(degradations.length > 0 ? { degradations } : {}),
    });
  }

  async receipt(draft: ReceiptDraft): Promise<EventId> {
    // Ids that the kit did not make are unique in their own network only, and the native id of a receipt is made of them.
    const scope = draft.messages.every((message) => isDeliveryKey(message)) ? '' : ` ${networkOf(draft.to)}`;
    const id = eventId(this.network, 'receipt', draft.nativeId + scope);
    const { nativeId: _native, ...data } = draft;
    const event = this.event('receipt', id, draft.from, draft.to, {
      ...data,
      basis: 'user-device',
      at: new Date().toISOString(),
    });
    await this.store(event, 'receipt');
    return id;
  }

  async contact(draft: ContactDraft): Promise<EventId> {
    const id = eventId(this.network, 'contact', draft.nativeId);
    const { nativeId: _native, ...data } = draft;
    await this.store(this.event('contact', id, draft.from, draft.to, data), 'contact');
    return id;
  }

  /** Own ghosts by identity; what we delivered ourselves by correlation (promise 5). */
  private isEcho(from: Address, natives: string[]): boolean {
    return networkOf(from) !== this.network || natives.some((native) => this.correlation.isEcho(native));
  }

  private event(kind: EventKind, id: EventId, from: Party, to: Address, data: object): DurableEvent {
    const now = Date.now();
    const draft = {
      specversion: '1.0',
      id,
      source: `/network/${this.network}`,
      type: `im.hutong.${kind}.v1`,
      time: new Date(now).toISOString(),
      subject: directConversation(from.address, to),
      datacontenttype: 'application/json',
      path: pathOf(this.network),
      expirytime: new Date(now + EXPIRES_AFTER_MS).toISOString(),
      data: { ...data, from: presentableParty(from) },
    };
    const parsed = EVENT_SCHEMAS[kind].safeParse(draft);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new HubError('30', `not an event: ${issue?.path.join('.')}: ${issue?.message}`);
    }
    return parsed.data as DurableEvent;
  }

  private async store(event: DurableEvent, kind: EventKind): Promise<void> {
    await this.publisher.publish(
      subjects.in(this.network, laneOf(event.subject)),
      encodeEvent(event),
      event.id,
    );
    metrics.adapterAccepted.inc({ network: this.network, kind });
  }
}

/** The message as its own network knows it: usually one native message. */
function refOf({ nativeId, natives, from, to, conversation }: MessageDraft, id: EventId): MessageRef {
  const ref = { id, author: from.address, peer: to, native: [], conversation, at: Date.now() };
  if (!natives) return { ...ref, native: [nativeId] };
  const delivered = { native: natives.map((one) => one.id), carries: natives.map((one) => one.carries) };
  return withDelivered(ref, delivered, { words: true, medium: true });
}

function identityOf({ identity, nativeId }: MessageDraft): string {
  return identity ?? nativeId;
}
