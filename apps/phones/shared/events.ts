/** What the server of the wall tells the browser. Both sides use these types; nothing here uses Node or the DOM. */

/** `<network>-<position of the account>`, for example `fetion-0`. */
export type PhoneId = string;
/** The canonical address of a person of this installation, or `native:<id>` of anybody else. */
export type ChatKey = string;

export type Body =
  | { kind: 'text'; text: string }
  | {
      kind: 'media';
      what: 'image' | 'voice' | 'video' | 'file';
      name: string;
      seconds?: number;
      /** Number of the content at `GET phones/<phone>/media/<number>`. */
      content: number;
    }
  | { kind: 'place'; text: string }
  | { kind: 'card'; text: string }
  | { kind: 'sticker'; text: string }
  | { kind: 'notice'; text: string };

/** How a call stands on this phone. */
export type CallState = 'incoming' | 'outgoing' | 'ringing' | 'talking' | 'over';

/** One checkpoint of the path of a message through the hub. */
export interface Step {
  stage: string;
  network: string;
  /** Since the hub accepted the message. */
  ms: number;
  code: string;
  detail?: string;
}

/** Something that a person did to a message. */
export type Change =
  | { do: 'edit'; text: string }
  | { do: 'recall' }
  /** `mine`: by the owner of the phone. The complete set, where `all` is true; otherwise in addition. */
  | { do: 'react'; emoji: string[]; mine: boolean; all: boolean };

export type WallEvent =
  /** Everything that follows replaces what was known. */
  | { type: 'hello' }
  /** All that had happened before has been told. */
  | { type: 'ready' }
  | { type: 'opened'; phone: PhoneId }
  | { type: 'closed'; phone: PhoneId }
  | { type: 'sending'; phone: PhoneId; at: number; chat: ChatKey; key: string; body: Body; reply?: string }
  | { type: 'sent'; phone: PhoneId; chat: ChatKey; key: string; id: string }
  | { type: 'unsent'; phone: PhoneId; chat: ChatKey; key: string; why: string }
  | {
      type: 'arrived';
      phone: PhoneId;
      at: number;
      chat: ChatKey;
      /** Name that the client shows for the author. */
      name: string;
      id: string;
      body: Body;
      reply?: string;
      quote?: string;
    }
  | { type: 'changed'; phone: PhoneId; chat: ChatKey; target: string; id?: string; change: Change }
  /** Own messages up to `target` have this state. */
  | { type: 'mark'; phone: PhoneId; chat: ChatKey; target: string; state: 'delivered' | 'read' }
  | { type: 'failed'; phone: PhoneId; chat: ChatKey; target: string; why: string }
  | { type: 'typing'; phone: PhoneId; chat: ChatKey; on: boolean; at: number }
  | { type: 'presence'; phone: PhoneId; chat: ChatKey; state: 'available' | 'away' | 'offline'; mood: string }
  | {
      type: 'call';
      phone: PhoneId;
      chat: ChatKey;
      name: string;
      at: number;
      state: CallState;
      /** How it ended. */
      why: string;
    }
  | { type: 'asked'; phone: PhoneId; chat: ChatKey; name: string }
  | { type: 'contact'; phone: PhoneId; chat: ChatKey; is: boolean }
  | {
      type: 'travel';
      phone: PhoneId;
      chat: ChatKey;
      key: string;
      at: number;
      from: string;
      to: string;
      state: string;
      steps: Step[];
    }
  | { type: 'play'; on: boolean };

/** What a network's phone looks like and can do; the answer to `GET wall`. */
export interface WallView {
  phones: PhoneView[];
  /** The most phones that can be open at once. */
  most: number;
}

export interface PhoneView {
  id: PhoneId;
  network: string;
  networkName: { en: string; zh: string };
  /** Native id of the owner, and the name. */
  native: string;
  address: string;
  name: string;
  language: string;
  look: {
    bubble: string;
    colours: Record<string, string>;
  };
  /** Its people pair a contact of the hub by scanning a QR code. */
  pairs: boolean;
  sends: string[];
  abilities: string[];
  contacts: ContactView[];
}

export interface ContactView {
  chat: ChatKey;
  name: string;
  network: string;
  networkName: { en: string; zh: string };
  /** How the owner of this phone writes to the contact. */
  reach: string;
  /** Opens that chat in a client on this machine, where the network has such addresses. */
  link?: string;
}
