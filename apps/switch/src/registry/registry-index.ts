/** A registry snapshot, indexed for look-ups. Immutable: a change makes a new index. */
import {
  AgreementIndex,
  CanonicalAddresses,
  isCertified,
  takesPart,
  type Address,
  ANY_NETWORK,
  type Blocked,
  type LadderStep,
  type Member,
  type Network,
  type Phase,
  type Registry,
  type Route,
} from '#protocol';

export class RegistryIndex {
  static readonly empty = RegistryIndex.of({ version: -1, members: [] });

  readonly members: ReadonlyMap<Network, Member>;
  /** For each blocked sender, the networks that block them; `ANY_NETWORK`: all of them. */
  private readonly blocked: ReadonlyMap<Address, ReadonlySet<Network | typeof ANY_NETWORK>>;
  /** Spells addresses canonically, by the rules that each network declares for its ids. */
  readonly canonical: CanonicalAddresses;
  readonly agreements: AgreementIndex;
  private readonly prefixes: ReadonlyMap<string, Network>;
  private readonly ladder: Record<LadderStep, ReadonlyMap<string, Network>>;
  private readonly domains: ReadonlyMap<string, Network>;
  private readonly onLadders: ReadonlySet<Network>;

  constructor(readonly snapshot: Registry) {
    const { members, blocked, agreements, routes } = snapshot;
    this.members = new Map(members.map((member) => [member.network, member]));
    this.canonical = new CanonicalAddresses((network) => this.members.get(network)?.capabilities);
    this.blocked = blockedBy(blocked, this.canonical);
    this.agreements = new AgreementIndex(agreements);
    this.prefixes = byKey(routes, 'prefix');
    this.ladder = {
      rcs: byKey(routes, 'rcs'),
      sms: byKey(routes, 'sms'),
      voice: byKey(routes, 'voice'),
    };
    this.domains = byKey(routes, 'domain');
    this.onLadders = networksOnLadders(members, routes);
  }

  /** Parts that are not given are empty. */
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

  isBlocked(from: Address, to: Network): boolean {
    const scope = this.blocked.get(from);
    return scope !== undefined && (scope.has(ANY_NETWORK) || scope.has(to));
  }

  /** @param domain another name of a network */
  networkOfDomain(domain: string): Network | undefined {
    return this.domains.get(domain);
  }

  /** The network with the longest matching prefix of an E.164 number. @param digits without the plus */
  networkOfNumber(digits: string): Network | undefined {
    return byLongestPrefix(this.prefixes, digits);
  }

  /** May a message that this network did not deliver go on to another one? Most failures need no further look. */
  isOnLadder(network: Network): boolean {
    return this.onLadders.has(network);
  }

  /** The network that sends 5G messages or SMS to this number, or calls it by telephone. @param digits without the plus */
  networkBy(step: LadderStep, digits: string): Network | undefined {
    return byLongestPrefix(this.ladder[step], digits);
  }
}

/** The networks whose operators want a delivery ladder, and those on its steps. */
function networksOnLadders(members: readonly Member[], routes: readonly Route[]): Set<Network> {
  const withLadder = members.filter(({ standIn }) => (standIn?.ladder?.length ?? 0) > 0);
  const steps = new Set<Route['kind']>(withLadder.flatMap(({ standIn }) => standIn?.ladder ?? []));
  return new Set([
    ...withLadder.map(({ network }) => network),
    ...routes.filter(({ kind }) => steps.has(kind)).map(({ network }) => network),
  ]);
}

function byKey(routes: Route[], wanted: Route['kind']): Map<string, Network> {
  return new Map(routes.filter(({ kind }) => kind === wanted).map(({ key, network }) => [key, network]));
}

/** One look-up per digit, however many prefixes there are. */
function byLongestPrefix(prefixes: ReadonlyMap<string, Network>, digits: string): Network | undefined {
  for (let length = digits.length; length > 0; length--) {
    const network = prefixes.get(digits.slice(0, length));
    if (network) return network;
  }
  return undefined;
}

/** May these two networks exchange anything? An adapter that is not certified reaches test networks only. */
export function mayMeet(one: Member, other: Member): boolean {
  return (isCertified(one) || other.test === true) && (isCertified(other) || one.test === true);
}

/** A member that takes part in the exchange. */
export type OpenMember = Member & { status: 'live' | 'leaving' };

export function isOpen(member: Member | undefined, now: Date): member is OpenMember {
  return member !== undefined && takesPart(member, now);
}

function blockedBy(
  blocked: Blocked[],
  canonical: CanonicalAddresses,
): Map<Address, Set<Network | typeof ANY_NETWORK>> {
  const grouped = Map.groupBy(blocked, ({ address }) => canonical.orSame(address));
  return new Map(
    [...grouped].map(([address, all]) => [
      address,
      new Set(all.map(({ network }) => network ?? ANY_NETWORK)),
    ]),
  );
}
