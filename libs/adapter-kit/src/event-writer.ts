/**
 * Builds canonical events from what this network reports, and stores them in its stream HUB_IN. Used by `Ingress` for
 * events that are stored at once, and by `PendingMessages` for messages whose attachments have been fetched.
 */
import type { OrderedPublisher } from '#bus';
import {
  bodyOf,
  conversationId,
  direct,
  encodeEvent,
  EVENT_SCHEMAS,
  validated,
  eventId,
  type HubEvent,
  laneOf,
  leaves,
  pathOf,
  recipientIn,
  subjects,
  type Conversation,
  type DurableEvent,
  type EventId,
  type EventKind,
  type Network,
  type Party,
} from '#protocol';
import { metrics } from '#service';
import type { FetchedAttachment } from './attachments/incoming.js';
import type { CallDraft, MessageDraft } from './drafts.contract.js';
import { presentableParty } from './presentable-party.js';

/** An event is not delivered later than this after it was accepted (code 68). */
const EXPIRES_AFTER_MS = 48 * 3600 * 1000;

export class EventWriter {
  constructor(
    private readonly network: Network,
    private readonly publisher: Pick<OrderedPublisher, 'publish'>,
  ) {}

  /** The same id for the same native event, so that a native event that comes twice is stored once. */
  messageId(draft: MessageDraft): EventId {
    return eventId(this.network, 'message', identityOf(draft));
  }

  /** An invitation has the id of the call, which follows from its native identity alone. */
  callId({ native, action, call }: Pick<CallDraft, 'native' | 'action' | 'call'>): EventId {
    return eventId(this.network, 'call', action === 'invite' ? native : `${action} ${call ?? ''} ${native}`);
  }

  /**
   * @param fetched one entry for each attachment of the draft: its reference, or why it could not be fetched
   * @throws HubError 30 for a draft that does not match the schema of the event
   */
  messageEvent(draft: MessageDraft, fetched: readonly FetchedAttachment[]): DurableEvent {
    const {
      nativeId,
      identity: _identity,
      conversation,
      references: _references,
      media: _media,
      natives: _natives,
      sentAt,
      content,
      ...data
    } = draft;
    const degradations = fetched.flatMap((one) => one.degradations);
    const words = leaves(content.body).filter(({ kind }) => kind !== 'null');
    const body = fetched.length === 0 ? content.body : bodyOf([...fetched.map(({ part }) => part), ...words]);
    return this.event('message', this.messageId(draft), draft.from, direct(draft.from.address, draft.to), {
      ...data,
      content: { ...content, body },
      sentAt: sentAt.toISOString(),
      native: { id: nativeId, ...(conversation === undefined ? {} : { conversation }) },
      ...(degradations.length > 0 ? { degradations } : {}),
    });
  }

  /** @throws HubError 30 for data that does not match the schema of the event */
  event(kind: EventKind, id: EventId, from: Party, within: Conversation, data: object): DurableEvent {
    const now = Date.now();
    const draft = {
      specversion: '1.0',
      id,
      source: `/network/${this.network}`,
      type: `im.hutong.${kind}.v1`,
      time: new Date(now).toISOString(),
      subject: conversationId(within),
      datacontenttype: 'application/json',
      path: pathOf(this.network),
      expirytime: new Date(now + EXPIRES_AFTER_MS).toISOString(),
      data: { ...data, from: presentableParty(from), to: recipientIn(within, from.address) },
    };
    return validated<HubEvent>(EVENT_SCHEMAS[kind], draft, 'event') as DurableEvent;
  }

  /** Resolves when the event is on disk. Events that are stored one after the other keep the order of the calls. */
  store(event: DurableEvent, kind: EventKind): Promise<void> {
    return this.storeOn(subjects.in(this.network, laneOf(event.subject)), event, kind);
  }

  /** The same on the subject of its id, by which it is found again. */
  storeToBeFound(event: DurableEvent, kind: EventKind): Promise<void> {
    return this.storeOn(subjects.event(this.network, event.id), event, kind);
  }

  private async storeOn(subject: string, event: DurableEvent, kind: EventKind): Promise<void> {
    await this.publisher.publish(subject, encodeEvent(event), event.id);
    metrics.adapterAccepted.inc({ network: this.network, kind });
  }
}

/** A message is found again by its id where events can be read: references look for it, and the delivery ladder reads it again. */
export function storeMessage(
  writer: Pick<EventWriter, 'store' | 'storeToBeFound'>,
  { readsRecords }: { readonly readsRecords: boolean },
  event: DurableEvent,
): Promise<void> {
  return readsRecords ? writer.storeToBeFound(event, 'message') : writer.store(event, 'message');
}

export function identityOf({ identity, nativeId }: MessageDraft): string {
  return identity ?? nativeId;
}
