/**
 * Native network -> bus: accepts what an adapter submits. A promise of this class resolves when the input is on disk, so
 * that the adapter may acknowledge the native event.
 */
import {
  contentKind,
  direct,
  eventId,
  isDeliveryKey,
  networkOf,
  type Address,
  type EventId,
  type Network,
} from '#protocol';
import { unavailable, withinBounds } from './attachments/incoming.js';
import type { PendingMessages } from './attachments/pending-messages.js';
import type { Correlation } from './correlation.js';
import type { MessageRef } from './delivered.contract.js';
import type { CallDraft, ContactDraft, MessageDraft, ReceiptDraft } from './drafts.contract.js';
import { identityOf, storeMessage, type EventWriter } from './event-writer.js';
import { withDelivered } from './native-pieces.js';
import { isItsOwnReference } from './stored-messages.js';

export interface IngressOptions {
  network: Network;
  writer: EventWriter;
  correlation: Correlation;
  pending: Pick<PendingMessages, 'holds' | 'admit'>;
}

export class Ingress {
  constructor(private readonly options: IngressOptions) {}

  async submitMessage(submitted: MessageDraft): Promise<EventId> {
    const { writer, pending, correlation } = this.options;
    const draft = submitted.media ? { ...submitted, media: submitted.media.map(withinBounds) } : submitted;
    const attachments = draft.media ?? [];
    const id = writer.messageId(draft);
    if (this.isEcho(draft.from.address, [draft.nativeId, ...(draft.references ?? [])])) return id;
    // Validate as if every attachment failed, so that the sender's network gets the error synchronously.
    const event = writer.messageEvent(
      draft,
      attachments.map((native) => unavailable(native, '107')),
    );
    const mustWait = attachments.length > 0 || pending.holds(event.subject);
    const isReferredTo = contentKind(draft.content) === 'new';
    if (!mustWait && correlation.readsRecords && (!isReferredTo || isItsOwnReference(draft))) {
      if (isReferredTo) correlation.remember(refOf(draft, id));
      // A change is found as well: a report about it concerns the message that it changes.
      await writer.storeToBeFound(event, 'message');
      return id;
    }
    const stored = [
      mustWait ? pending.admit(event.subject, draft) : storeMessage(writer, correlation, event),
    ];
    if (isReferredTo) {
      const ref = refOf(draft, id);
      stored.push(correlation.store(ref, draft.references ?? [identityOf(draft), ...ref.native]));
    }
    await Promise.all(stored);
    return id;
  }

  async submitReceipt(draft: ReceiptDraft): Promise<EventId> {
    const { network, writer } = this.options;
    // Event ids that the kit did not make are unique only in their network, and the native id of a receipt contains them.
    const scope = draft.messages.every((message) => isDeliveryKey(message)) ? '' : ` ${networkOf(draft.to)}`;
    const id = eventId(network, 'receipt', draft.nativeId + scope);
    const { nativeId: _nativeId, ...data } = draft;
    const event = writer.event('receipt', id, draft.from, direct(draft.from.address, draft.to), {
      ...data,
      at: new Date().toISOString(),
    });
    await writer.store(event, 'receipt');
    return id;
  }

  async submitContact(draft: ContactDraft): Promise<EventId> {
    const { network, writer } = this.options;
    const id = eventId(network, 'contact', draft.nativeId);
    const { nativeId: _nativeId, ...data } = draft;
    const within = direct(draft.from.address, draft.to);
    await writer.store(writer.event('contact', id, draft.from, within, data), 'contact');
    return id;
  }

  async submitCall(draft: CallDraft): Promise<EventId> {
    const { writer } = this.options;
    const id = writer.callId(draft);
    if (this.isEcho(draft.from.address, [])) return id;
    const { native: _native, ...data } = draft;
    const within = direct(draft.from.address, draft.to);
    await writer.store(writer.event('call', id, draft.from, within, data), 'call');
    return id;
  }

  /** True for events of ghosts, by their address, and for messages that this adapter delivered, by correlation (promise 5). */
  private isEcho(from: Address, natives: string[]): boolean {
    const { network, correlation } = this.options;
    return networkOf(from) !== network || natives.some((native) => correlation.isEcho(native));
  }
}

/** The reference of a message that this network sent: usually one native message. */
function refOf({ nativeId, natives, from, to, conversation }: MessageDraft, id: EventId): MessageRef {
  const ref = {
    id,
    author: from.address,
    within: direct(from.address, to),
    native: [],
    conversation,
    at: Date.now(),
  };
  if (!natives) return { ...ref, native: [nativeId] };
  const delivered = { native: natives.map((one) => one.id), carries: natives.map((one) => one.carries) };
  return withDelivered(ref, delivered, { words: true, medium: true });
}
