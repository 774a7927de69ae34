/**
 * Numbers of conversations: behind our own number they name whom a person talks with, so that a plain reply finds its way. Small,
 * one for each correspondent of a person, and never given to another one: an old text stays answerable. When all are in use, further
 * correspondents have none, and the person chooses among them with the commands of a bot account. Stored as `codes.<digest>`.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { StoredMap, type Memory } from '#adapter-kit';
import type { Address } from '#protocol';

const MOST_CACHED = 20_000;
/** Correspondents of one person; what is stored stays below the size of a value. */
const MOST_NUMBERED = 999;
/** The number of a correspondent is its index plus one. */
const Stored = z.array(z.custom<Address>((value) => typeof value === 'string'));

export class ConversationCodes {
  private readonly correspondents: StoredMap<Address[]>;
  private readonly most: number;

  /** @param digits of a number; 0: there is no room for one */
  constructor(
    private readonly memory: Memory,
    digits: number,
  ) {
    this.most = Math.min(10 ** digits - 1, MOST_NUMBERED);
    this.correspondents = new StoredMap(memory, 'codes.', MOST_CACHED);
  }

  /** @returns undefined: all numbers of the person are in use. @throws HubError 91 */
  async numberOf(person: Address, correspondent: Address): Promise<number | undefined> {
    const known = await this.known(person);
    const place = known.indexOf(correspondent);
    if (place >= 0) return place + 1;
    return known.length >= this.most ? undefined : this.add(person, correspondent);
  }

  /** @returns undefined: no conversation of the person has that number. @throws HubError 91 */
  async correspondentOf(person: Address, number: number): Promise<Address | undefined> {
    return (await this.known(person))[number - 1];
  }

  private async known(person: Address): Promise<Address[]> {
    return Stored.safeParse(await this.correspondents.get(keyOf(person))).data ?? [];
  }

  private async add(person: Address, correspondent: Address): Promise<number | undefined> {
    let all: Address[] = [];
    await this.memory.change(`codes.${keyOf(person)}`, (stored) => {
      all = Stored.safeParse(stored).data ?? [];
      if (all.includes(correspondent) || all.length >= this.most) return Promise.resolve(undefined);
      all = [...all, correspondent];
      return Promise.resolve(all);
    });
    this.correspondents.assume(keyOf(person), all);
    const place = all.indexOf(correspondent);
    return place < 0 ? undefined : place + 1;
  }
}

function keyOf(person: Address): string {
  return hash('sha256', person, 'base64url').slice(0, 27);
}
