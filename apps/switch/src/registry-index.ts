/** A registry snapshot, arranged for questions. Immutable: a change is a new index. */
import {
  ANY_NETWORK,
  isCertified,
  takesPart,
  type Address,
  type Agreement,
  type Blocked,
  type Member,
  type Network,
  type Phase,
  type Registry,
} from '#protocol';

export class RegistryIndex {
  static readonly empty = RegistryIndex.of({ version: -1, members: [] });

  readonly members: ReadonlyMap<Network, Member>;
  /** By whom each is not heard. */
  private readonly blocked: ReadonlyMap<Address, ReadonlySet<Network | typeof ANY_NETWORK>>;
  private readonly agreements: ReadonlyMap<string, Dated[]>;
  /** Longest first. */
  private readonly prefixes: { key: string; network: Network }[];
  private readonly domains: ReadonlyMap<string, Network>;

  constructor(readonly snapshot: Registry) {
    const { members, blocked, agreements, routes } = snapshot;
    this.members = new Map(members.map((member) => [member.network, member]));
    this.blocked = blockedBy(blocked);
    this.agreements = Map.groupBy(agreements.map(dated), ({ agreement: { from, to } }) => pairKey(from, to));
    this.prefixes = routes
      .filter(({ kind }) => kind === 'prefix')
      .sort((one, other) => other.key.length - one.key.length);
    this.domains = new Map(
      routes.filter(({ kind }) => kind === 'domain').map(({ key, network }) => [key, network]),
    );
  }

  /** What was left out of the snapshot is empty. */
  static of(partial: Partial<Registry> & Pick<Registry, 'version' | 'members'>): RegistryIndex {
    return new RegistryIndex({
      phase: { phase: 'mesh' },
      agreements: [],
      routes: [],
      blocked: [],
      ...partial,
    });
  }

  get version(): number {
    return this.snapshot.version;
  }

  get phase(): Phase {
    return this.snapshot.phase;
  }

  /** The pair's own agreement that is in force, else one that stands for all others. */
  agreementOf(from: Network, to: Network, now: Date): Agreement | undefined {
    const candidates: [Agreement['from'], Agreement['to']][] = [
      [from, to],
      [from, ANY_NETWORK],
      [ANY_NETWORK, to],
      [ANY_NETWORK, ANY_NETWORK],
    ];
    for (const pair of candidates) {
      const inForce = this.agreements.get(pairKey(...pair))?.find((one) => isInForce(one, now));
      if (inForce) return inForce.agreement;
    }
    return undefined;
  }

  isBlocked(from: Address, to: Network): boolean {
    const scope = this.blocked.get(from);
    return scope !== undefined && (scope.has(ANY_NETWORK) || scope.has(to));
  }

  /** By another name of a network. */
  networkOfDomain(domain: string): Network | undefined {
    return this.domains.get(domain);
  }

  /** By the longest prefix of an E.164 number. @param digits without the plus */
  networkOfNumber(digits: string): Network | undefined {
    return this.prefixes.find(({ key }) => digits.startsWith(key))?.network;
  }
}

/** May these two reach one another at all? An adapter that is not certified reaches test networks only. */
export function mayMeet(one: Member, other: Member): boolean {
  return (isCertified(one) || other.test === true) && (isCertified(other) || one.test === true);
}

/** One that takes part. */
export type OpenMember = Member & { status: 'live' | 'leaving' };

export function isOpen(member: Member | undefined, now: Date): member is OpenMember {
  return member !== undefined && takesPart(member, now);
}

/** Dates are read once for a snapshot, not once for every message. */
interface Dated {
  agreement: Agreement;
  from: number;
  to: number;
}

function dated(agreement: Agreement): Dated {
  const { validFrom, validTo } = agreement;
  return {
    agreement,
    from: Date.parse(validFrom),
    to: validTo === undefined ? Infinity : Date.parse(validTo),
  };
}

function isInForce({ from, to }: Dated, now: Date): boolean {
  return from <= now.getTime() && now.getTime() < to;
}

function pairKey(from: string, to: string): string {
  return `${from}>${to}`;
}

function blockedBy(blocked: Blocked[]): Map<Address, Set<Network | typeof ANY_NETWORK>> {
  const grouped = Map.groupBy(blocked, ({ address }) => address);
  return new Map(
    [...grouped].map(([address, all]) => [
      address,
      new Set(all.map(({ network }) => network ?? ANY_NETWORK)),
    ]),
  );
}
