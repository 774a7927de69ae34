/** How tests and the demo act as one of the people of a network, on a running installation. */
import type { LocalAbility } from '#adapter-contract';
import type { Phone } from '#phones';
import type { Account } from './account.js';
import type { NetworkManifest, NetworkPart } from './manifest.js';

export interface NetworkPerson {
  /** What people can do in the clients of this network, in addition to writing. The adapter declares level 0 for everything else. */
  readonly abilities: readonly LocalAbility[];
  /** What they can do besides, of which the network does not tell the adapter. */
  readonly untold?: readonly LocalAbility[];
  /** A valid native id of this network that belongs to nobody. */
  readonly nobody: string;
  /** The presence state that a client of this network shows for "away"; absent: its people see no presence. */
  readonly away?: string;
  /** They call and are called, and neither write nor read. */
  readonly onlyCalls?: true;
  /** Clients of this network wait until a message is accepted before they send the next. */
  readonly writesInTurn?: true;
  /** First text and answer of this person in the demo, in the language of the network. */
  readonly lines: { greeting: string; answer: string };
  /** Signs in a client of this person with the native id and password of `account`. */
  dial(part: NetworkPart, account: Account): Promise<SignedInPerson>;
  /**
   * How this person addresses somebody who does not exist and is therefore not in `part.ghostOf`. Absent: like a known
   * person, with this address in place of theirs.
   */
  ghostOf?(part: NetworkPart, address: string): string;
}

export interface SignedInPerson {
  readonly phone: Phone;
  /** Scans a QR code and so pairs the contact of the hub. Absent: the network has no such contacts. */
  scan?(text: string): Promise<void>;
  /** Asks somebody to be a contact. Absent: the network has no contact requests. */
  befriend?(peer: string): Promise<void>;
  /** Accepts the contact request of somebody. */
  accept?(peer: string): Promise<void>;
  /** Whether somebody is a contact, where a contact of one is a contact of the other. */
  hasContact?(peer: string): Promise<boolean>;
}

/** The person of a network who writes. undefined: it has no people of its own, or only telephones, which ring */
export function writerOf({ standalone }: Pick<NetworkManifest, 'standalone'>): NetworkPerson | undefined {
  const person = standalone?.person;
  return person?.onlyCalls ? undefined : person;
}
