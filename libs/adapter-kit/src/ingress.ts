/** Native -> bus: makes events of drafts and stores them. Nothing is acknowledged before it resolves. */
import {
  HubError,
  directConversation,
  EVENT_SCHEMAS,
  encodeEvent,
  eventId,
  laneOf,
  networkOf,
  subjects,
  contentKind,
  type Address,
  type DurableEvent,
  type EventId,
  type EventKind,
  type Network,
} from '#protocol';
import type { OrderedPublisher } from '#bus';
import { metrics } from '#service';
import type { ContactDraft, MessageDraft, ReceiptDraft } from './adapter.contract.js';
import type { Correlation } from './correlation.js';

/** After this long in transit a message is of no use to anybody (code 68). */
const EXPIRES_AFTER_MS = 48 * 3600 * 1000;

export class Ingress {
  constructor(
    private readonly network: Network,
    private readonly publisher: OrderedPublisher,
    private readonly correlation: Correlation,
  ) {}

  async message(draft: MessageDraft): Promise<EventId> {
    const identity = draft.identity ?? draft.nativeId;
    const id = eventId(this.network, 'message', identity);
    if (this.isEcho(draft.from.address, [draft.nativeId, ...(draft.references ?? [])])) return id;
    const { nativeId, identity: _identity, conversation, references, sentAt, ...data } = draft;
    const event = this.event('message', id, draft.from.address, draft.to, {
      ...data,
      sentAt: sentAt.toISOString(),
      native: { id: nativeId, ...(conversation === undefined ? {} : { conversation }) },
    });
    const stored = [this.store(event, 'message')];
    if (contentKind(draft.content) === 'new') {
      const ref = {
        id,
        author: draft.from.address,
        peer: draft.to,
        native: [nativeId],
        conversation,
        at: Date.now(),
      };
      stored.push(this.correlation.store(ref, references ?? [identity]));
    }
    await Promise.all(stored);
    return id;
  }

  async receipt(draft: ReceiptDraft): Promise<EventId> {
    const id = eventId(this.network, 'receipt', draft.nativeId);
    const { nativeId: _native, ...data } = draft;
    const event = this.event('receipt', id, draft.from.address, draft.to, {
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
    await this.store(this.event('contact', id, draft.from.address, draft.to, data), 'contact');
    return id;
  }

  /** Own ghosts by identity; what we delivered ourselves by correlation (promise 5). */
  private isEcho(from: Address, natives: string[]): boolean {
    return networkOf(from) !== this.network || natives.some((native) => this.correlation.isEcho(native));
  }

  private event(kind: EventKind, id: EventId, from: Address, to: Address, data: unknown): DurableEvent {
    const now = Date.now();
    const draft = {
      specversion: '1.0',
      id,
      source: `/network/${this.network}`,
      type: `im.hutong.${kind}.v1`,
      time: new Date(now).toISOString(),
      subject: directConversation(from, to),
      datacontenttype: 'application/json',
      path: [this.network],
      expirytime: new Date(now + EXPIRES_AFTER_MS).toISOString(),
      data,
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
