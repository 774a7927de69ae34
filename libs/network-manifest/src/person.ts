/** How tests and the demo act as one of the people of a network, on a running installation. */
import type { LocalAbility } from '#adapter-contract';
import type { Phone } from '#phones';
import type { Account } from './account.js';
import type { NetworkPart } from './manifest.js';

export interface NetworkPerson {
  /** What people can do in the clients of this network, beside writing. What is missing is declared at level 0 as well. */
  readonly abilities: readonly LocalAbility[];
  /** A native id in the form of this network that nobody has. */
  readonly nobody: string;
  /** The presence state that a client of this network shows for "away"; absent: its people see no presence. */
  readonly away?: string;
  /** Clients of this network wait until a message is taken before they send the next. */
  readonly writesInTurn?: true;
  /** What this person says first in the demo, and how they answer; in the language of the network. */
  readonly lines: { greeting: string; answer: string };
  /** Signs in a client of this person, whose native id and password `account` has. */
  dial(part: NetworkPart, account: Account): Promise<SignedInPerson>;
  /**
   * How this person writes to an address that is not in `part.ghostOf`, because nobody has it. Absent: as to a known
   * person, with this address in place of theirs.
   */
  ghostOf?(part: NetworkPart, address: string): string;
}

export interface SignedInPerson {
  readonly phone: Phone;
  /** Asks somebody to be a contact. Absent: the network has no contact requests. */
  befriend?(peer: string): Promise<void>;
  /** Accepts the contact request of somebody. */
  accept?(peer: string): Promise<void>;
  /** Whether somebody is a contact, where a contact of one is a contact of the other. */
  hasContact?(peer: string): Promise<boolean>;
}
