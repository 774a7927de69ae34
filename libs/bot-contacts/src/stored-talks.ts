/** What is stored of each person's correspondents, and how processes that share a person change it. */
import { createHash } from 'node:crypto';
import { HubError, type Address } from '#protocol';
import { TurnsByKey } from '#service';
import type { Hub, Memory } from '#adapter-kit';

export interface Correspondent {
  address: Address;
  name?: string | undefined;
}

/** The correspondents of one person; stored in the network's own bucket. */
export interface Talk {
  /** The index is the number minus one; numbers never change. */
  people: Correspondent[];
  /** Places, the latest first. */
  recent: number[];
  chosen?: number | undefined;
  /** When the list was shown, ms since the epoch; undefined after the next message in either direction. */
  listedAt?: number | undefined;
  /** When the bot account itself last answered the person, ms since the epoch. */
  answeredAt?: number | undefined;
}

/** Computes a change of what is stored for one person, in place. It may be called several times. */
export type Changing<R> = (talk: Talk) => R | Promise<R>;
export type Change = <R>(work: Changing<R>) => Promise<R>;

/** How long a bare number answers the list. */
const LIST_VALID_MS = 120_000;

export class StoredTalks {
  private readonly turns = new TurnsByKey();

  constructor(
    private readonly memory: Pick<Memory, 'get' | 'change'>,
    private readonly fold: Hub['canonical'],
  ) {}

  /**
   * Runs work for one person after the work before it. The correspondents change in one step: when another process changed them
   * meanwhile, the change is computed again from what that process stored.
   */
  inTurn<T>(asked: Address, work: (change: Change) => Promise<T>): Promise<T> {
    const person = this.canonical(asked);
    return this.turns.run(person, () => work((changed) => this.change(person, asked, changed)));
  }

  private async change<R>(person: Address, asked: Address, work: Changing<R>): Promise<R> {
    let result: { of: R } | undefined;
    await this.memory.change(keyOf(person), async (stored) => {
      const talk = this.talkOf(stored ?? (await this.beforeFolding(person, asked)));
      const was = JSON.stringify(talk);
      result = { of: await work(talk) };
      return JSON.stringify(talk) === was ? undefined : talk;
    });
    if (!result) throw new Error('a change of the memory ended without computing the value');
    return result.of;
  }

  /** What was stored before addresses were canonical. */
  private beforeFolding(person: Address, asked: Address): Promise<unknown> {
    return asked === person ? Promise.resolve(undefined) : this.memory.get(keyOf(asked));
  }

  private talkOf(stored: unknown): Talk {
    if (stored === undefined || stored === null) return { people: [], recent: [] };
    const talk = stored as Talk;
    const people = talk.people.map((known) => ({ ...known, address: this.canonical(known.address) }));
    return { ...talk, people };
  }

  /** Returns an invalid address unchanged: it matches nobody. */
  canonical(address: Address): Address {
    try {
      return this.fold(address);
    } catch (error) {
      if (error instanceof HubError) return address;
      throw error;
    }
  }
}

export function chosenIn({ chosen, people }: Talk): Correspondent | undefined {
  return chosen === undefined ? undefined : people[chosen];
}

export function isListed({ listedAt }: Talk): boolean {
  return listedAt !== undefined && Date.now() - listedAt < LIST_VALID_MS;
}

function keyOf(person: Address): string {
  return `talk.${digestOf(person)}`;
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 27);
}
