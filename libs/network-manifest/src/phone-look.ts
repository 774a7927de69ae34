/** How the phone of a network is drawn on the wall of phones, and what its clients can send beside text. Drawn by us: no logos of others. */
export interface PhoneLook {
  readonly name: { readonly en: string; readonly zh: string };
  readonly bubble: BubbleShape;
  readonly colours: PhoneColours;
  /** What people can send beside text. */
  readonly sends: readonly Sendable[];
  /** Format of voice notes that the clients of this network record. */
  readonly voice?: 'audio/ogg' | 'audio/amr' | 'audio/mp4';
  /** People of this network can say that they are away, with a mood. */
  readonly presence?: true;
  /** Its phones ring, and can call. */
  readonly calls?: true;
  /** A reaction is a message of its own; elsewhere the reactions of a person are one set, which the next one replaces. */
  readonly reactionsOneByOne?: true;
  /** What others call the people of `npm start`, in their order; absent: their names are those of their accounts. */
  readonly people?: readonly string[];
  /** The address that opens a chat with this native id in a client of the network, where clients register such addresses. */
  readonly chatLink?: (native: string) => string;
  /** Its people pair a contact by scanning a QR code. */
  readonly pairs?: true;
  /** People of this network set a name themselves; elsewhere the name is only in the address books of others. */
  readonly named?: true;
}

/** `tail`: a small triangle points to the author. `line`: framed paragraphs without bubbles. */
export type BubbleShape = 'tail' | 'round' | 'square' | 'line';

export type Sendable = 'image' | 'voice' | 'place' | 'card' | 'sticker';

/** CSS colours. */
export interface PhoneColours {
  readonly accent: string;
  readonly header: string;
  readonly headerText: string;
  readonly paper: string;
  readonly mine: string;
  readonly mineText: string;
  readonly theirs: string;
  readonly theirsText: string;
}
