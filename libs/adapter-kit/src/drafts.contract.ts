/**
 * What an adapter submits: drafts, from which the kit makes events. Optional fields that are absent mean "the network says
 * nothing about it", unless stated otherwise.
 */
import type {
  Address,
  Basis,
  CallAction,
  CallMedia,
  ContactEvent,
  Content,
  EventId,
  MediaMeta,
  Party,
  SessionDescription,
} from '#protocol';

/** An attachment as the native network names it. The kit fetches it through `openAttachment`, now or after a crash. */
export interface NativeAttachment {
  /** What `openAttachment` needs to fetch it (URL, id, key). Stored until the attachment is fetched. */
  source: Record<string, string>;
  /** inline: a sticker. */
  disposition: 'attachment' | 'inline';
  /** As the sender's network declares it. The kit determines the type from the content; this one is shown if the fetch fails. */
  contentType: string;
  filename?: string;
  /** Meaning of a sticker, in words. */
  description?: string;
  meta?: MediaMeta;
  /** SHA-256 as declared, in hex. Content with another hash is refused (108). */
  sha256?: string;
}

/** What a network says about one of its people. A field that is undefined or absent leaves unchanged what is known. */
export interface NativeProfile {
  /** The name that the person chose. null: the person has no name (any more). */
  displayName?: string | null | undefined;
  /** A name derived from the id, shown while no chosen name is known. */
  fallbackName?: string | undefined;
  /** null: the person has no avatar (any more). */
  avatar?: NativeAvatar | null | undefined;
}

export interface NativeAvatar {
  /** Changes whenever the image changes: its URL, its hash. The kit fetches each version once. */
  version: string;
  /** For `openAttachment`. */
  source: Record<string, string>;
}

/** One native message. */
export interface MessageDraft {
  /** The id as the network shows it: a trace can be searched by it, and `target.native` contains it. */
  nativeId: string;
  /**
   * Identity of the native event, where `nativeId` is not unique in the network. The event id is derived from it: the same
   * native event must always give the same identity. Absent: `nativeId` is the identity.
   */
  identity?: string;
  /** Native ids with which `findNative` will be called for this message. Absent: the identity and `nativeId`. */
  references?: string[];
  /** Where several native messages are this one message: all of them, oldest first, and what each carries. */
  natives?: { id: string; carries: 'words' | 'medium' }[];
  /** Native conversation, if the network needs it to find the message again; `target.conversation` will contain it. */
  conversation?: string;
  from: Party;
  to: Address;
  /** When the sender wrote it, by the clock of the network. */
  sentAt: Date;
  content: Content;
  /** Attachments, shown before the words in `content`. */
  media?: NativeAttachment[];
  /** Receipts that the sender asks for. Absent: none. */
  requestStatus?: ('delivered' | 'read')[];
}

export interface ReceiptDraft {
  /** Identity of the native receipt, as for a message. */
  nativeId: string;
  from: Party;
  to: Address;
  status: 'delivered' | 'read';
  messages: EventId[];
  /** true: the receipt also holds for all earlier messages of the conversation. */
  upTo: boolean;
  /** Whose word it is: the device of the recipient, the servers of the network, or a statement of its operator. */
  basis: Basis;
}

export interface ContactDraft {
  /** Identity of the native request, as for a message. */
  nativeId: string;
  from: Party;
  to: Address;
  action: ContactEvent['data']['action'];
  note?: string;
}

/** What a subscriber did in a call. */
export interface CallDraft {
  /** Identity of the native call: the same for each of its actions. With the action it is the identity of the event. */
  native: string;
  from: Party;
  to: Address;
  media: CallMedia;
  action: CallAction;
  /** Id of the invitation. Absent in the invitation itself, whose id is the id of the call. */
  call?: EventId;
  /** The offer in `invite`, the answer in `accepted`. Absent in an invitation: nobody is there to talk with. */
  session?: SessionDescription;
}
