/**
 * A person on a simulated network, as a test or a human with a terminal plays him: what he does, and what he sees. One
 * shape for all simulators; a network throws `NotHere` for what its people cannot do.
 */
export interface Sight {
  /** Counts up from 1 for each person. */
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
    | 'presence'
    | 'request'
    | 'accepted'
    | 'denied'
    | 'removed';
  /** Native id of who did it, as this network shows it. */
  from: string;
  /** How the network shows that person's name, where it does. */
  name?: string;
  /** Native id of the message, or of the sight itself. */
  id: string;
  text?: string;
  /** Native id of the message that it is about. */
  target?: string;
  /** Presence: the network's own word or number. Media: what the network calls it (image, voice, file ...). */
  state?: string;
  /** Media, as the person's client gets hold of it. */
  media?: {
    /** Answers a plain GET with the very bytes that were sent. */
    url: string;
    /** File name, where the network shows one. */
    name?: string;
    /** Of a voice note or a video, where the network tells it. */
    seconds?: number;
  };
  /** A place, where the network has places: WGS 84, in degrees. */
  place?: { latitude: number; longitude: number; name?: string };
  emoji?: string[];
  /** The original time of what comes late. */
  since?: string;
}

export type Act =
  | { do: 'write'; to: string; text: string; quote?: string; format?: 'plain' | 'markdown' }
  | {
      do: 'send';
      to: string;
      what: 'image' | 'voice' | 'video' | 'file' | 'sticker' | 'location' | 'card' | 'link';
      /** As the network's documents name the fields. */
      fields: Record<string, string>;
      /** Path of a file on this machine: the content of an image, voice note, video or file; a small sample, if absent. */
      file?: string;
    }
  /** A place in degrees of WGS 84; each network puts it into the fields of its own wire format. */
  | { do: 'place'; to: string; latitude: number; longitude: number; name?: string }
  | { do: 'edit'; to: string; target: string; text: string }
  | { do: 'recall'; to: string; target: string }
  | { do: 'react'; to: string; target: string; emoji: string[] }
  | { do: 'read'; to: string; target: string }
  | { do: 'type'; to: string; on: boolean }
  | { do: 'nudge'; to: string }
  /** A state of the network's own, or `online` or `away` on every network that has presence. */
  | { do: 'appear'; state: string; mood?: string }
  /** Another name, another picture (path of a file on this machine; "" for none any more). */
  | { do: 'look'; name?: string; picture?: string }
  | { do: 'add'; who: string; note?: string }
  | { do: 'answer'; who: string; yes: boolean }
  | { do: 'remove'; who: string };

/** The network has nothing like it. */
export class NotHere extends Error {
  constructor(
    readonly act: Act['do'],
    /** Its name, with what of the act it lacks. */
    readonly network: string,
  ) {
    super(`on ${network} nobody can ${act}`);
  }
}

export interface Person {
  readonly native: string;
  readonly name: string;
  /** Oldest first; grows. */
  readonly timeline: readonly Sight[];
  /** @returns the native id of what was done. @throws NotHere, or Error with words for the person */
  act(act: Act): Promise<{ id: string }>;
  /** People he sees in his client, with their presence where the network tells. */
  contacts(): { native: string; name: string; state: string }[];
  /** @returns a function that ends it */
  onSight(listener: (sight: Sight) => void): () => void;
}

/** A running simulator. */
export interface SimulatedNetwork {
  /** How users call it: fetion, wechat, wecom, yixin ... */
  readonly name: string;
  /** Makes the person if he is new. @throws Error for an id that the network could not have given */
  person(native: string): Person;
  people(): Person[];
  close(): Promise<void>;
}
