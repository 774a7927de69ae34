/**
 * Abilities: optional interfaces of an adapter. Capabilities that are declared and abilities that are implemented are
 * compared at start (`checkAbilities`); a difference stops the start.
 *
 * The rules for `deliver…` methods (order, concurrency, errors) are those of `Adapter` in adapter.contract.ts.
 */
import type { MediaFile } from '#media';
import type {
  Address,
  Availability,
  CallEvent,
  ContactEvent,
  MessageEvent,
  PairAnswer,
  PairRequest,
  Party,
  PresenceEvent,
  ReceiptEvent,
  ReportEvent,
  ResolveReply,
  TypingEvent,
} from '#protocol';
import type { OutgoingAttachment } from './attachments/outgoing.js';
import type { ChangeContext, Delivered, DeliveryContext, MessageRef } from './delivered.contract.js';
import type { NativeProfile } from './drafts.contract.js';

export interface AttachmentDelivering {
  /**
   * Sends one attachment, in a form that fits `capabilities().media`. The words of `event`, if any, are its caption.
   * `attachment.file` is on the local disk until the promise settles, and is deleted then.
   * @throws HubError 105 to 108 (or 61) when the network refuses the attachment: the kit calls `deliver` with a link to it,
   * or with words in its place, under the same idempotency key. Every other error as for `deliver`
   */
  deliverAttachment(
    event: MessageEvent,
    attachment: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered>;
}

export interface AttachmentOpening {
  /**
   * Opens the content of an attachment or avatar that a draft named. Called after `start` has resolved, beside everything
   * else: for at most 2 attachments and 2 avatars at a time. Called again after a failure, also by the next process.
   * @param source as in the draft
   * @param signal aborted after 10 min (an avatar: 20 s), and when the adapter stops; the stream must end then
   * @throws HubError 107 gone or refused, 105 too large: final, a placeholder is sent. 91, 65 and any other error: tried again
   * for 5 min (backoff 0.5 s to 20 s, or `retryAfterMs`), then a placeholder is sent
   */
  openAttachment(source: Record<string, string>, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export interface EditDelivering {
  /**
   * Replaces the words of one native message, `context.piece`. `context.target` is always the first version of the message;
   * the kit has checked that its author sends the edit. Where `context.piece` carries an attachment too, the words are its
   * caption, and the attachment stays. If the new words need more native messages, the kit sends the rest through `deliver`;
   * native messages that are not needed any more are recalled.
   * Not called for messages older than `limits.editAgeMs`: the edit then goes out in words through `deliver`.
   * `Delivered.native`: ids of the native edit itself; empty if it has none.
   */
  deliverEdit(event: MessageEvent, context: ChangeContext): Promise<Delivered>;
}

export interface RecallDelivering {
  /**
   * Recalls one native message, `context.piece`. `context.target` as for an edit. Not called for messages older than
   * `limits.recallAgeMs`: the recall then goes out in words through `deliver`.
   */
  deliverRecall(event: MessageEvent, context: ChangeContext): Promise<Delivered>;
}

export interface ReactionDelivering {
  /**
   * Shows a reaction. `content.reactions` has the change and the full set of this sender. `context.piece` is the first
   * native message of the target that is still there.
   */
  deliverReaction(event: MessageEvent, context: ChangeContext): Promise<Delivered>;
}

export interface ReceiptDelivering {
  /**
   * Shows that messages were delivered or read. Called in the order of the conversation, like `deliver`.
   * @param targets messages that this network's subscriber sent to this person; unknown messages are left out. Never empty.
   * A "read" mark of the network that counts for everything before it goes to `lastNative`
   * @throws as `deliver`. Do not throw because a receipt is late or its message is gone
   */
  deliverReceipt(event: ReceiptEvent, targets: MessageRef[]): Promise<void>;
}

export interface ReportShowing {
  /**
   * Notifies the sender, in their own network, that a message did not arrive, or arrived in another form (104 to 108: as an
   * SMS, or without its attachment). Called in the order of the conversation, like `deliver`.
   * @param target the message that the report is about; of an edit, recall or reaction the message that it was to change.
   *   undefined: unknown here, or older than 30 days
   * @throws as `deliver`
   */
  showReport(event: ReportEvent, target: MessageRef | undefined): Promise<void>;
}

export interface ContactDelivering {
  /**
   * A remote person asks a subscriber for their presence, allows it, denies it, or ends it. Called in the order of the
   * conversation, like `deliver`. Must be idempotent: the same event may come again, and there is no idempotency key.
   * @throws as `deliver`
   */
  deliverContact(event: ContactEvent): Promise<void>;
}

/** For a network that carries session descriptions itself. In all others the kit takes part in calls (`src/calls`). */
export interface CallCarrying {
  /**
   * What a remote person did in a call with a subscriber: `data.action`; `data.call` is the id of the invitation, or absent in
   * the invitation itself. Called in the order of the conversation, like `deliver`. Must be idempotent: the same event may come
   * again. Resolve when the network has it, not when the person answers: the answer is a `hub.submitCall`.
   *
   * An invitation without `data.session` offers nothing to talk with, and is cancelled at once: the caller did not come.
   * Show it as a missed call, and do not ring. An event about an unknown call, one that is over, or one with another person
   * than `data.from.address` changes nothing.
   * @throws as `deliver`. A failure of an invitation ends the call for the caller
   */
  deliverCall(event: CallEvent): Promise<void>;
}

/**
 * Ephemeral events: typing and presence. The kit calls as they come in, without waiting for earlier calls, in no order with
 * messages. It retries nothing: an error is logged at debug level and the event is dropped.
 */
export interface TypingShowing {
  /** Show it for at most `data.ttlMs` ms: "paused" may never come. */
  showTyping(event: TypingEvent): Promise<void>;
}

export interface PresenceShowing {
  /** Show it only to `data.to`, and only if the two are contacts where the network has contacts. */
  showPresence(event: PresenceEvent): Promise<void>;
  /**
   * Answers a probe: the presence of one of our subscribers, for a remote person. undefined: the network does not say, or
   * the asker may not see it; nothing is answered then. Report only what the network reports.
   */
  presenceOf(
    subscriber: Address,
    asker: Address,
  ): Promise<{ availability: Availability; statusText?: string } | undefined>;
}

export interface Resolving {
  /**
   * Whether this subscriber of our network exists, and their name. The switch asks, at most 4 s long; any number of calls
   * run at the same time. Code 14: no such subscriber. Code 00 without `party`: the network does not tell, or tells no name.
   * An error is answered with its code and is not retried.
   */
  resolve(address: Address): Promise<ResolveReply>;
}

export interface Profiling {
  /**
   * Name and avatar of one of this network's people. The kit asks once for each person who writes, before their first event,
   * and again with an event after `profileAgeMs`; different people at the same time. The first event of a person waits at
   * most 2 s for the answer, and then goes out without a name. Report changes in between with `hub.learn`.
   * undefined: the network does not say. An error is logged at debug level; the kit asks again with an event after 60 s.
   */
  profileOf(address: Address): Promise<NativeProfile | undefined>;
  /** How long an answer is valid, in ms, for a network that does not report every change. Absent: 12 h. */
  readonly profileAgeMs?: number;
}

export interface AvatarShowing {
  /**
   * The avatar of a remote person has changed. Called beside messages, once for each change, one call at a time for each
   * person. After an error the kit tries again with an event of that person after 10 min.
   * @param picture a JPEG of at most AVATAR_SIDE pixels a side and AVATAR_MAX_BYTES bytes, deleted when the promise settles.
   * undefined: the person has no avatar any more
   * @param to the recipient of the event that brought the change: show it to them at once, to others when the network can
   */
  showAvatar(party: Party, picture: MediaFile | undefined, to: Address): Promise<void>;
}

/** What a network says about a message that an interrupted attempt may have sent. */
export type Reconciled =
  | { found: 'sent'; delivered: Delivered }
  /** The network certainly does not have it, and will not get it any more: it is sent again. */
  | { found: 'not-sent' }
  | { found: 'unknown' };

/** Not among `Abilities`: a network that recognises the idempotency key does not need it. */
export interface Reconciling {
  /**
   * Asks a network without idempotency whether it has a message: an earlier attempt was interrupted between `hub.atMostOnce`
   * and the answer of the network (a crash, a request without a response). Called after the request
   * without a response, or in place of the next attempt, while the event is in `deliver`. Without this ability the outcome is
   * 103 (unknown), and nothing is sent again.
   * @param idempotencyKey of the interrupted attempt
   * @throws HubError 91, 65: the network does not answer now; it is asked again with the next attempt
   */
  reconcile(event: MessageEvent, idempotencyKey: string): Promise<Reconciled>;
}

/** Not among `Abilities`: `capabilities.pairing` declares it. */
export interface Pairing {
  /**
   * Begins a pairing, or says how one stands: each person scans a code and has a contact of their own. At most 4 s long.
   * @throws HubError 14 for a pairing that is not known (any more), 65 when too many are open, 91
   */
  pair(request: PairRequest): Promise<PairAnswer>;
}

export type Abilities = AttachmentDelivering &
  Profiling &
  AvatarShowing &
  AttachmentOpening &
  EditDelivering &
  RecallDelivering &
  ReactionDelivering &
  ReceiptDelivering &
  ReportShowing &
  ContactDelivering &
  CallCarrying &
  TypingShowing &
  PresenceShowing &
  Resolving;

/** Not among `Abilities`: for networks that report what became of a message later, and can take it back until then. */
export interface Withdrawing {
  /**
   * Takes back a message that was not delivered in its time (a step of a delivery ladder). Called beside deliveries, for one
   * message at a time.
   * @param native ids of all its native messages
   * @returns true: the recipient certainly does not get it any more; false: they have it, or may have it
   * @throws an error when the network does not answer now: called again every 2 s, for 10 min
   */
  withdraw(to: Address, native: readonly string[]): Promise<boolean>;
}
