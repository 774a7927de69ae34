/** A registry snapshot, arranged for questions. Immutable: a change is a new index. */
import {
  AgreementIndex,
  isCertified,
  takesPart,
  type Address,
  type Member,
  type Network,
  type Phase,
  type Registry,
} from '#protocol';

export class RegistryIndex {
  static readonly empty = RegistryIndex.of({ version: -1, members: [] });

  readonly members: ReadonlyMap<Network, Member>;
  readonly blocked: ReadonlySet<Address>;
  readonly agreements: AgreementIndex;
  /** Longest first. */
  private readonly prefixes: { key: string; network: Network }[];
  private readonly domains: ReadonlyMap<string, Network>;

  constructor(readonly snapshot: Registry) {
    const { members, blocked, agreements, routes } = snapshot;
    this.members = new Map(members.map((member) => [member.network, member]));
    this.blocked = new Set(blocked);
    this.agreements = new AgreementIndex(agreements);
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
