/**
 * A person on a simulated network, controlled by a test or from a terminal: their acts, and what their client shows. One
 * interface for all simulators; a network throws `NotHere` for acts that it does not have.
 */
export interface Sight {
  /** Number of the entry in the person's timeline, from 1. */
  n: number;
  at: string;
  kind:
    | 'text'
    | 'media'
    | 'location'
    | 'card'
    | 'link'
    | 'edit'
    | 'recall'
    | 'reaction'
    | 'sent'
    | 'sent-as-sms'
    | 'delivered'
    | 'read'
    | 'failed'
    | 'typing'
    | 'nudge'
    | 'call'
    | 'presence'
    | 'request'
    | 'accepted'
    | 'denied'
    | 'removed';
  /** Native id of the author, as this network shows it. */
  from: string;
  /** Display name of the author, if the network shows one. */
  name?: string;
  /** Native id of the message, or of this entry. */
  id: string;
  text?: string;
  /** Native id of the message to which it refers. */
  target?: string;
  /**
   * Calls: incoming, outgoing, ringing, talking, over (`text` says how); `target` is the same in all entries of a call.
   * Presence: the state as the network names it. Attachments: the kind as the network names it (image, voice,
   * file ...).
   */
  state?: string;
  /** Attachment, as the person's client can download it. */
  media?: {
    /** A GET without authentication returns exactly the bytes that were sent. */
    url: string;
    /** File name, if the network shows one. */
    name?: string;
    /** Duration of a voice note or video, if the network shows it. */
    seconds?: number;
  };
  /** A location, if the network has locations: WGS 84, in degrees. */
  place?: { latitude: number; longitude: number; name?: string };
  emoji?: string[];
  /** The original time of a late message. */
  since?: string;
}

export type Act =
  | { do: 'write'; to: string; text: string; quote?: string; format?: 'plain' | 'markdown' }
  | {
      do: 'send';
      to: string;
      what: 'image' | 'voice' | 'video' | 'file' | 'sticker' | 'location' | 'card' | 'link';
      /** Fields, named as in the documents of the network. */
      fields: Record<string, string>;
      /** Path of a file on this machine: the content of an image, voice note, video or file; a small sample, if absent. */
      file?: string;
    }
  /** A location in degrees of WGS 84; each network writes it into the fields of its own wire format. */
  | { do: 'place'; to: string; latitude: number; longitude: number; name?: string }
  | { do: 'edit'; to: string; target: string; text: string }
  | { do: 'recall'; to: string; target: string }
  | { do: 'react'; to: string; target: string; emoji: string[] }
  | { do: 'read'; to: string; target: string }
  | { do: 'type'; to: string; on: boolean }
  | { do: 'nudge'; to: string }
  /** A call begins, or the one that is there is answered or ends, or one `key` of 0 to 9, * and # is pressed in it. */
  | { do: 'call'; who: string; how: 'begin' | 'accept' | 'decline' | 'end' | 'press'; key?: string }
  /** A state that the network defines, or `online` or `away`, which every network with presence accepts. */
  | { do: 'appear'; state: string; mood?: string }
  /** New name, new image (path of a file on this machine; "" removes it). */
  | { do: 'look'; name?: string; picture?: string }
  | { do: 'add'; who: string; note?: string }
  | { do: 'answer'; who: string; yes: boolean }
  | { do: 'remove'; who: string };

/** The network does not have this act. */
export class NotHere extends Error {
  constructor(
    readonly act: Act['do'],
    /** Name of the network, and the part of the act that it does not have. */
    readonly network: string,
  ) {
    super(`on ${network} nobody can ${act}`);
  }
}

export interface Person {
  readonly native: string;
  readonly name: string;
  /** Oldest first; new entries are appended. */
  readonly timeline: readonly Sight[];
  /** @returns the native id of the act. @throws NotHere, or Error with a text for the person */
  act(act: Act): Promise<{ id: string }>;
  /** Contacts that the person's client shows, with their presence if the network reports it. */
  contacts(): { native: string; name: string; state: string }[];
  /** @returns a function that ends it */
  onSight(listener: (sight: Sight) => void): () => void;
}

/** A running simulator. */
export interface SimulatedNetwork {
  /** Slug: fetion, wechat, wecom, yixin ... */
  readonly name: string;
  /** Finds the person, or makes a new one. @throws Error for an id that is invalid in this network */
  person(native: string): Person;
  people(): Person[];
  close(): Promise<void>;
}
