/** What passes between kit and adapter about one delivery: its context, its result, and the stored reference to it. */
import type { Address, Basis, CallMedia, Conversation, EventId, MediaFailure, MediaUrl } from '#protocol';
import type { NativePiece } from './native-pieces.js';

export interface DeliveryContext {
  /**
   * Identifies this delivery: the same at every attempt, [A-Za-z0-9_-]{27,40}, unique across all networks. Pass it to the
   * network as its transaction id or message id, so that the network recognises a repeated attempt.
   */
  idempotencyKey: string;
  /**
   * The message that this one answers, edits, recalls or reacts to. undefined: the event refers to no message, or the
   * message that it answers is unknown here.
   */
  target: MessageRef | undefined;
  /**
   * true: an earlier attempt may have reached the network (this process tried before, or another process owned the queue
   * when the event was stored). false: this is the first attempt, unless this process stood still meanwhile and another one has
   * taken its place, which `hub.atMostOnce` notices.
   */
  uncertain: boolean;
  /**
   * When the sender wrote the message, if the recipient should see that time: from an age of 10 s for a network with
   * `originalTime` in its capabilities, from 15 min for others. undefined: the message is recent. A network without
   * `originalTime` may ignore it: the kit puts the time into the words of the message.
   */
  delayedSince: Date | undefined;
  /** The words are about a call. A network that shows calls in a form of its own may add it to the words. */
  call?: AboutCall;
}

export interface AboutCall {
  /** The same in all words about this call. */
  id: string;
  /** The call can be joined here. Absent: it is over, or there is no page. */
  link?: { url: string; media: CallMedia };
}

/**
 * The context of an edit, a recall or a reaction. Where the target became several native messages, the kit calls once for
 * each native message concerned, one call after the other; `piece` is that native message. If the target is unknown, the
 * kit reports 25 and does not call the adapter.
 */
export type ChangeContext = DeliveryContext & { target: MessageRef; piece: NativePiece };

/** The result of one delivery that the network has accepted. */
export interface Delivered {
  /**
   * Ids of the native messages that it became, in order; the kit stores them for edits, recalls, replies and receipts.
   * Empty: the network gives no ids; later edits and recalls then go out in words.
   */
  native: string[];
  /** What each of `native` carries, where an attachment and its caption became several. Absent: each carries everything. */
  carries?: ('words' | 'medium')[];
  /** Native conversation (room, chat), if the network needs it to find the message again. Absent: it does not. */
  conversation?: string;
  /**
   * Result code, if other than 00. 104: sent as an SMS, which does not confirm delivery. 105-108: delivered without its
   * attachment. With these the sender is notified. 08: the network has the message, its recipient does not yet (an
   * unanswered invitation); counts as `submitted`.
   */
  code?: '00' | '08' | '104' | MediaFailure;
  /**
   * submitted: the network has accepted the message, and reports later what became of it; the adapter passes that on with
   * `hub.submitOutcome`. Only where `capabilities().lateOutcomes` declares it. Absent: delivered.
   */
  stage?: 'submitted' | 'delivered';
  /** Whose word it is. Absent: network. */
  basis?: Basis;
  /** Objects of the media store that the network will fetch from us later: they are not deleted before. */
  keeps?: MediaUrl[];
}

/** A message that crossed, as both sides know it. Stored for 30 days in the network's own bucket. */
export interface MessageRef {
  id: EventId;
  author: Address;
  /** The conversation that it is in. `recipientIn(within, author)`: to whom its author wrote it. */
  within: Conversation;
  /** Ids of all its native messages, oldest first. `firstNative` and `lastNative` choose among them. */
  native: string[];
  /** What each native message carries: read it through `nativePieces`. Absent in references stored by earlier versions. */
  pieces?: NativePiece[] | undefined;
  /** Keys of the native messages that were delivered, while others of the same message are not. Absent: complete. */
  unfinished?: string[] | undefined;
  conversation?: string | undefined;
  /** Result code, if other than 00. */
  code?: Delivered['code'];
  /** The network reports later what became of it. */
  submitted?: true | undefined;
  /** Whose word the delivery is, if other than the network's. */
  basis?: Basis | undefined;
  /** Objects of the media store that the network has yet to fetch from us. */
  keeps?: MediaUrl[] | undefined;
  /** When the network accepted it, or submitted it to us; ms since 1970. */
  at: number;
}
