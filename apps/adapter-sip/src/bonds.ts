/**
 * Who sees whose presence. A SIP phone has no contact requests: a person who subscribes to somebody asks to see them, and
 * allows them to see back. One record for each person, so that a change of presence reads one value.
 */
import type { Memory } from '#adapter-kit';
import { HubError, type Address } from '#protocol';

export interface Bond {
  /** The person subscribed, and the request went out. */
  asked?: true;
  /** The other side said yes. */
  seesGhost?: true;
  /** The other side asked, and waits until the person subscribes as well. */
  askedByGhost?: true;
  seenByGhost?: true;
}

type BondsOfOne = Record<Address, Bond>;

const MOST_BONDS = 1000;

export class Bonds {
  constructor(private readonly memory: Pick<Memory, 'get' | 'change'>) {}

  async of(user: string, ghost: Address): Promise<Bond> {
    return (await this.all(user))[ghost] ?? {};
  }

  /** Everybody abroad who may see this person. */
  async watchersOf(user: string): Promise<Address[]> {
    const bonds = Object.entries(await this.all(user)) as [Address, Bond][];
    return bonds.filter(([, { seenByGhost }]) => seenByGhost).map(([ghost]) => ghost);
  }

  /** @returns the bond before. @throws HubError 65 when a person has too many contacts */
  async change(user: string, ghost: Address, work: (bond: Bond) => Bond): Promise<Bond> {
    let before: Bond = {};
    await this.memory.change(keyOf(user), (value) => {
      const bonds = (value ?? {}) as BondsOfOne;
      before = bonds[ghost] ?? {};
      if (!(ghost in bonds) && Object.keys(bonds).length >= MOST_BONDS)
        return Promise.reject(new HubError('65', `${user} has ${MOST_BONDS} contacts abroad`));
      const after = work(before);
      if (JSON.stringify(after) === JSON.stringify(before)) return Promise.resolve(undefined);
      return Promise.resolve({ ...bonds, [ghost]: after });
    });
    return before;
  }

  private async all(user: string): Promise<BondsOfOne> {
    return ((await this.memory.get(keyOf(user))) ?? {}) as BondsOfOne;
  }
}

export function without(bond: Bond, ...fields: (keyof Bond)[]): Bond {
  return Object.fromEntries(Object.entries(bond).filter(([name]) => !fields.some((one) => one === name)));
}

function keyOf(user: string): string {
  return `bonds.${Buffer.from(user).toString('base64url')}`;
}
