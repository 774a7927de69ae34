/**
 * The contract between the kit and an adapter: everything that a new network must know is on this page.
 *
 * The mandatory core is `Adapter`: connect, tell what the network can show, deliver a message. Everything else is an
 * ability, an optional interface; what the capability document declares and what is implemented are checked against
 * each other at start (`checkAbilities`).
 *
 * Rules for every method:
 * - The kit calls `deliver…` for one event of a conversation at a time, in order; other conversations run beside it.
 * - Resolve only when the network itself has taken it (its answer, not our write to a socket).
 * - To fail, throw a HubError: its code decides whether the kit tries again or tells the sender (RESULTS).
 *   Any other error counts as 96 and is tried again. When the outcome is unknown, throw 91 if the network knows an
 *   idempotency key (the same event will come again), else send through `hub.atMostOnce` and throw 103.
 */
import type { MediaFile } from '#media';
import type {
  Address,
  Availability,
  Capabilities,
  Content,
  ContactEvent,
  EventId,
  ExternalPart,
  LeafPart,
  MediaFailure,
  MediaMeta,
  MediaUrl,
  MessageEvent,
  Network,
  Party,
  PresenceEvent,
  ReceiptEvent,
  ReportEvent,
  ResolveReply,
  TypingEvent,
} from '#protocol';
import type { Log } from '#service';
import type { OutgoingAttachment } from './attachments/outgoing.js';
import type { LateEnd, LateEvent } from './late-outcomes.js';
import type { NativePiece } from './native-pieces.js';
import type { NotCarried } from './not-carried.js';

export type { OutgoingAttachment } from './attachments/outgoing.js';
export type { LateEnd, LateEvent } from './late-outcomes.js';
export type { NativePiece } from './native-pieces.js';
export type { NotCarried } from './not-carried.js';

export interface Adapter {
  readonly network: Network;
  /** May be asked at any time; a change of content needs a new `version`. */
  capabilities(): Capabilities;
  /**
   * Does the network take these words in one message? For a network whose limit counts more than the text (JSON or HTML around
   * it); words that do not fit come in several messages.
   */
  fits?(event: MessageEvent): boolean;
  /** Connects and keeps connected, with its own reconnect. Resolves once it may be called; throws to refuse the start. */
  start(hub: Hub): Promise<void>;
  /** Ends the connection; nothing is delivered any more when this is called. */
  stop(): Promise<void>;
  /** Is the native network reachable now? While false, the kit holds deliveries back without counting attempts. */
  connected(): boolean;
  /**
   * A new message for a subscriber of this network. `context.target` is the message that it answers, if this network saw it:
   * refer to its `firstNative`. Text longer than `limits` comes in pieces, each with an `idempotencyKey` of its own.
   */
  deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered>;
}

export interface DeliveryContext {
  /** Stable per piece, [A-Za-z0-9_-]{27,40}, unique among all networks: use it as the network's transaction or message id. */
  idempotencyKey: string;
  /** The message that this one answers, edits, recalls or reacts to. */
  target: MessageRef | undefined;
  /** true: an earlier attempt may have reached the network. */
  uncertain: boolean;
  /**
   * When the message was written, if it comes so late that this should be shown. A network without `originalTime` in its
   * capabilities needs not look at it: the kit says it in the words of the message.
   */
  delayedSince: Date | undefined;
}

/**
 * Of an edit, a recall, a reaction. Where `target` is several native messages, the kit calls once for each that is concerned,
 * and `piece` is that one. Of one that refers to a message unknown here, the kit has told the sender already.
 */
export type ChangeContext = DeliveryContext & { target: MessageRef; piece: NativePiece };

export interface Delivered {
  /** Ids of the native messages that it became, in order; the kit keeps them for references. */
  native: string[];
  /** What each of `native` carries, where a medium and its words became several. Absent: each carries all. */
  carries?: ('words' | 'medium')[];
  /** Native conversation (room, chat) if the network needs it to find the message again. */
  conversation?: string;
  /**
   * 104: taken over as an SMS, which is not "delivered". 105-108: without its medium. The sender is told.
   * 08: the network has it, the recipient does not yet (an unanswered invitation); `hub.submitOutcome` reports the end.
   */
  code?: '00' | '08' | '104' | MediaFailure;
  /** Media that the network will fetch from us later. */
  keeps?: MediaUrl[];
}

/** A message that crossed, as both sides know it. Kept for 30 days. */
export interface MessageRef {
  id: EventId;
  author: Address;
  /** The other end of the conversation. */
  peer: Address;
  /** Ids of all its native messages, oldest first. `firstNative` and `lastNative` choose among them. */
  native: string[];
  /** What each native message carries (`nativePieces`); absent in references that earlier versions stored. */
  pieces?: NativePiece[] | undefined;
  /** Not delivered whole yet: the keys of the steps that are done. */
  unfinished?: string[] | undefined;
  conversation?: string | undefined;
  /** How it was taken, if not in the ordinary way. */
  code?: Delivered['code'];
  /** Media that the network has yet to fetch from us. */
  keeps?: MediaUrl[] | undefined;
  /** When it was taken, in ms since the epoch. */
  at: number;
}

export interface AttachmentDelivering {
  /**
   * One medium, in a form that fits `capabilities().media`. The words of `event`, if any, are its caption. To say that the
   * network will not have it after all, throw 105 or 106: words go in its place.
   */
  deliverAttachment(
    event: MessageEvent,
    medium: OutgoingAttachment,
    context: DeliveryContext,
  ): Promise<Delivered>;
}
export interface AttachmentOpening {
  /**
   * The content of a medium that a native message named; asked again after a failure, also by the next process.
   * @param source as the draft had it. @throws HubError 107 gone or refused, 105 too large; 91, 65: worth another try
   */
  openAttachment(source: Record<string, string>, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}
export interface EditDelivering {
  /**
   * New words for one native message. `context.target` is always the first version, and always by the same author. Where
   * `context.piece` carries a medium too, the words are its caption, and the medium stays. Words that need more native
   * messages than there are come through `deliver`, and native messages that are not needed any more are recalled.
   */
  deliverEdit(event: MessageEvent, context: ChangeContext): Promise<Delivered>;
}
export interface RecallDelivering {
  /** Takes back one native message. `context.target` as for an edit. Beyond `limits.recallAgeMs` it is told in words instead, and this is not called. */
  deliverRecall(event: MessageEvent, context: ChangeContext): Promise<Delivered>;
}
export interface ReactionDelivering {
  /** `content.reactions` has the change and the full set. `context.piece` is the first native message. */
  deliverReaction(event: MessageEvent, context: ChangeContext): Promise<Delivered>;
}
export interface ReceiptDelivering {
  /**
   * Only messages that this network's subscriber sent; unknown ones are left out. Never throws for a late receipt. A "read"
   * mark that counts for all before it goes to `lastNative`.
   */
  deliverReceipt(event: ReceiptEvent, targets: MessageRef[]): Promise<void>;
}
export interface ReportShowing {
  /**
   * The subscriber's own message did not arrive, or not as he sent it (104 to 108: as an SMS, or without its medium): tell him
   * in the network's own way. `target`: his message, if found.
   */
  showReport(event: ReportEvent, target: MessageRef | undefined): Promise<void>;
}
export interface ContactDelivering {
  /** A foreign person asks a subscriber for his presence, allows or denies it, or ends it. May come again: nothing must double. */
  deliverContact(event: ContactEvent): Promise<void>;
}
/** Ephemeral: called as they come, not in order with messages, and errors are dropped. */
export interface TypingShowing {
  /** Show it for `data.ttlMs` at the most: "paused" may never come. */
  showTyping(event: TypingEvent): Promise<void>;
}
export interface PresenceShowing {
  /** Only to `data.to`, and only if the two are contacts where the network has such. */
  showPresence(event: PresenceEvent): Promise<void>;
  /** Answer to a probe; undefined: not known, or not for this asker. Invent nothing. */
  presenceOf(
    subscriber: Address,
    asker: Address,
  ): Promise<{ availability: Availability; statusText?: string } | undefined>;
}
export interface Resolving {
  /** Does this subscriber of our network exist, and how is he called? Without a party, 00 means that the network does not tell. */
  resolve(address: Address): Promise<ResolveReply>;
}

export interface Profiling {
  /**
   * How one of this network's people is called and looks. Asked once for each person who writes, before the first event, and
   * again after 12 hours; changes in between are reported with `hub.learn`. undefined: the network does not tell.
   */
  profileOf(address: Address): Promise<NativeProfile | undefined>;
  /** For a network that reports not every change: how long an answer holds, in ms. */
  readonly profileAgeMs?: number;
}

export interface AvatarShowing {
  /**
   * A foreign person looks different from now on: a JPEG within AVATAR_SIDE and AVATAR_MAX_BYTES; undefined: without an
   * avatar. Called beside messages, once for each change; after a failure again later.
   * @param to who is being written to: shown at once to them, to others as soon as the network can
   */
  showAvatar(party: Party, picture: MediaFile | undefined, to: Address): Promise<void>;
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
  TypingShowing &
  PresenceShowing &
  Resolving;

export type AnyAdapter = Adapter & Partial<Abilities>;

/** A medium as the native network names it; the kit fetches it through `openAttachment`, now or after a crash. */
export interface NativeAttachment {
  source: Record<string, string>;
  /** inline: a sticker. */
  disposition: 'attachment' | 'inline';
  /** As claimed; shown only if the content never comes. */
  contentType: string;
  filename?: string;
  /** What a sticker means. */
  description?: string;
  meta?: MediaMeta;
  /** As claimed, in hex; another content is refused (108). */
  sha256?: string;
}

/** What a network says about one of its people. What it does not mention stays as it was. */
export interface NativeProfile {
  /** As the person chose it; null: the person has no name (any more). */
  displayName?: string | null | undefined;
  /** Shown while no name is known: made of the id, where the whole id would not be read as a name. */
  fallbackName?: string | undefined;
  /** null: the person has none (any more). */
  avatar?: NativeAvatar | null | undefined;
}

export interface NativeAvatar {
  /** Changes whenever the picture does: its address, its hash. */
  version: string;
  /** For `openAttachment`. */
  source: Record<string, string>;
}

/** What an adapter says of one native message. The kit makes the event of it. */
export interface MessageDraft {
  /** The id as the network shows it: what a trace is asked for, and what `target.native` will hold. */
  nativeId: string;
  /** The identity of the native event, where `nativeId` alone is not unique in the network. The same event, the same identity. */
  identity?: string;
  /** What `findNative` will be asked with, if not the identity. */
  references?: string[];
  /** Where several native messages are this one message: all of them, oldest first, and what each carries. */
  natives?: { id: string; carries: 'words' | 'medium' }[];
  /** The native conversation, if the network needs it to find the message again; `target.conversation` will hold it. */
  conversation?: string;
  from: Party;
  to: Address;
  sentAt: Date;
  content: Content;
  /** They come before the words in `content`. */
  media?: NativeAttachment[];
  /** What the sender wants to be told, as far as his network knows such a wish. */
  requestStatus?: ('delivered' | 'read')[];
}

export interface ReceiptDraft {
  nativeId: string;
  from: Party;
  to: Address;
  status: 'delivered' | 'read';
  messages: EventId[];
  /** All earlier ones of the conversation too. */
  upTo: boolean;
}

export interface ContactDraft {
  nativeId: string;
  from: Party;
  to: Address;
  action: ContactEvent['data']['action'];
  note?: string;
}

/** What the kit offers to an adapter. */
export interface Hub {
  readonly log: Log;
  /** The other live networks, as of the last heartbeat. */
  peers(): Network[];
  /** Called with the networks that are live, at every change. */
  onPeers(listener: (peers: Network[]) => void): void;
  /**
   * Resolves when the event is stored for good: only then may the native event be acknowledged (promise 1).
   * @throws HubError 91 while the bus is away for too long; 30 for a draft that is no event
   */
  submitMessage(draft: MessageDraft): Promise<EventId>;
  /** As `submitMessage`. */
  submitReceipt(draft: ReceiptDraft): Promise<EventId>;
  /** As `submitMessage`. */
  submitContact(draft: ContactDraft): Promise<EventId>;
  /**
   * For a native input that can neither become an event (words included) nor be refused to its sender: counted, logged, and
   * kept as a dead letter in the background. Never throws.
   */
  notCarried(input: NotCarried): void;
  /** The end of a delivery that was reported with code 08. Resolves when it is stored; may be repeated. */
  submitOutcome(event: LateEvent, end: LateEnd): Promise<void>;
  /** The network reported how one of its people is called or looks. Fire and forget; later events say so. */
  learn(address: Address, profile: NativeProfile): void;
  /** Fire and forget. */
  typing(from: Party, to: Address, state: TypingEvent['data']['state'], ttlMs: number): void;
  /** Fire and forget; told again only when it has changed, or after a minute. */
  presence(from: Party, to: Address, availability: Availability, statusText?: string): void;
  /** Asks the other network for the presence of one of its subscribers. */
  probe(from: Party, to: Address): void;
  /** A message that crossed, by its canonical id. @param author the network that gave the id */
  find(id: EventId, author: Network): Promise<MessageRef | undefined>;
  /** A message that crossed, by a native id of this network. */
  findNative(nativeId: string): Promise<MessageRef | undefined>;
  /**
   * The one spelling of an address of this network (`capabilities().ids`) or of a foreign one. Everything that is submitted or
   * asked is made canonical anyway; an adapter needs this only for what it keeps by address.
   * @throws HubError 30 when nobody of that network can have the id: it says what is expected
   */
  canonical(address: Address): Address;
  /** Does this foreign subscriber exist? Cached for a short while. */
  resolve(address: Address, from?: Address): Promise<ResolveReply>;
  /** Keeps the address behind a ghost's name that is only a digest of it (`ghostName`). */
  rememberGhost(digest: string, address: Address): Promise<void>;
  /** @throws HubError 14 when nobody of that name has been here */
  rememberedGhost(digest: string): Promise<Address>;
  /**
   * For a network that knows no idempotency: sends at most once per key, also across a crash. Throws 103 (outcome
   * unknown) instead of sending again what may have arrived. `send` throws 103 itself when it gets no answer.
   * `uncertain` as in DeliveryContext; taken to be true, if not said.
   */
  atMostOnce(key: string, send: () => Promise<Delivered>, uncertain?: boolean): Promise<Delivered>;
  /** For what an adapter must do with media itself. */
  readonly attachments: AttachmentHandling;
  /** The adapter's own durable memory. Keys: [-/_=.a-zA-Z0-9]. */
  readonly memory: Memory;
  /** The same, for what refers to messages: forgotten after 30 days. */
  readonly recent: Memory;
}

export interface AttachmentHandling {
  /** Only from the declared hosts (MEDIA_HOSTS). @throws HubError 107, 91 */
  download(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** A small JPEG of a picture, or of a video where ffmpeg is. @throws HubError 106 */
  thumbnail(file: MediaFile, side: number, maxBytes: number): Promise<MediaFile>;
  /** Into the store at once, for a network that uploads to us. A card comes back as one. @throws HubError 105, 107, 91 */
  take(
    content: AsyncIterable<Uint8Array>,
    about: Pick<NativeAttachment, 'disposition' | 'filename' | 'description' | 'meta' | 'sha256'>,
  ): Promise<LeafPart>;
  /** The form in which a medium goes to this network, kept in the store for the network to fetch. */
  keep(file: MediaFile): Promise<ExternalPart>;
  /** @throws HubError 107, 108, 91 */
  read(part: ExternalPart, from: number, to: number): AsyncIterable<Buffer>;
}

export interface Memory {
  /** Resolves when stored; of two puts, the later call wins. `value` is JSON. */
  put(key: string, value: unknown): Promise<void>;
  /** undefined: nothing there. Waits through a restart of the bus. */
  get(key: string): Promise<unknown>;
  /** For the start, not for the path of a message. `filter` as NATS has it: `ghost.*`. */
  keys(filter: string): Promise<string[]>;
}
