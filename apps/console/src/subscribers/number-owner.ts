/** Which address or network has a number now, and why: the order in which the switch decides (docs/routing.md). Pure functions. */
import {
  addressOf,
  canonicalAddress,
  digitsOf,
  E164,
  nativeOf,
  nativeOfNumber,
  networkOf,
  takesPart,
  type Address,
  type Capabilities,
  type MemberState,
  type Network,
} from '#protocol';

/** Why a number leads where it leads; the words of `resolvedby`. */
export const REASONS = ['ported', 'preferred', 'own', 'sms'] as const;
export type Reason = (typeof REASONS)[number];

export interface OwnerNetwork {
  slug: Network;
  status: MemberState;
  leaves_at: Date | null;
  capabilities: Capabilities | null;
}

export interface OwnerRoute {
  kind: 'exact' | 'prefix' | 'sms';
  /** Digits. */
  key: string;
  network: Network;
  address: Address | null;
  since: Date;
}

export interface OwnerLink {
  address: Address;
  since: Date;
}

export interface Owner {
  reason: Reason;
  network: Network;
  /** null: an SMS goes to the number itself, which is no address of a person. */
  address: Address | null;
  /** The prefix, for `own` and `sms`. */
  prefix: string | null;
  since: Date;
}

export interface Facts {
  /** Of any numbers. */
  routes: readonly OwnerRoute[];
  /** Of this number, those by which the person may be found, the preferred one first. */
  links: readonly OwnerLink[];
  networks: ReadonlyMap<string, OwnerNetwork>;
}

/** @returns undefined: nobody has the number */
export function ownerOf(number: E164, { routes, links, networks }: Facts, now: Date): Owner | undefined {
  const digits = digitsOf(number);
  const ported = routes.find(({ kind, key }) => kind === 'exact' && key === digits);
  if (ported)
    return {
      reason: 'ported',
      network: ported.network,
      address: ported.address ?? inNetwork(number, networks.get(ported.network), ported.network),
      prefix: null,
      since: ported.since,
    };
  const link = preferred(links, networks, now);
  if (link)
    return {
      reason: 'preferred',
      network: networkOf(link.address),
      address: link.address,
      prefix: null,
      since: link.since,
    };
  return byPrefix(number, 'prefix', { routes, networks }) ?? byPrefix(number, 'sms', { routes, networks });
}

/** Numbers that a native id can be, in a network whose ids are numbers. Most networks have other ids: `addressByPrefix` tells which of them it is. */
export function numbersLike(address: Address, network: OwnerNetwork | undefined): E164[] {
  const native = nativeOf(address);
  const prefixes = ['', network?.capabilities?.numbersWithout ?? ''];
  const numbers = prefixes.flatMap((prefix) => E164.safeParse(`+${prefix}${native}`).data ?? []);
  return [...new Set(numbers)];
}

/** The address of the number in the network that serves its prefix, also if a link leads elsewhere; undefined if it was ported. */
export function addressByPrefix(
  number: E164,
  facts: Pick<Facts, 'routes' | 'networks'>,
): Address | undefined {
  const isPorted = facts.routes.some(({ kind, key }) => kind === 'exact' && key === digitsOf(number));
  return isPorted ? undefined : (byPrefix(number, 'prefix', facts)?.address ?? undefined);
}

function byPrefix(
  number: E164,
  kind: 'prefix' | 'sms',
  { routes, networks }: Pick<Facts, 'routes' | 'networks'>,
): Owner | undefined {
  const digits = digitsOf(number);
  const [longest] = routes
    .filter((route) => route.kind === kind && digits.startsWith(route.key))
    .sort((one, other) => other.key.length - one.key.length);
  if (!longest) return undefined;
  const { network, key, since } = longest;
  return kind === 'sms'
    ? { reason: 'sms', network, address: null, prefix: key, since }
    : {
        reason: 'own',
        network,
        address: inNetwork(number, networks.get(network), network),
        prefix: key,
        since,
      };
}

/** The first on an active network; else the first on an inactive one. Networks that have left are skipped. */
function preferred(
  links: readonly OwnerLink[],
  networks: Facts['networks'],
  now: Date,
): OwnerLink | undefined {
  const of = ({ address }: OwnerLink) => networks.get(networkOf(address));
  return (
    links.find((link) => isActive(of(link), now)) ??
    links.find((link) => of(link) !== undefined && of(link)?.status !== 'gone')
  );
}

function isActive(network: OwnerNetwork | undefined, now: Date): boolean {
  if (!network) return false;
  const { slug, status, leaves_at: leavesAt } = network;
  return takesPart(
    { network: slug, name: slug, status, ...(leavesAt ? { leavesAt: leavesAt.toISOString() } : {}) },
    now,
  );
}

function inNetwork(number: E164, network: OwnerNetwork | undefined, slug: Network): Address {
  const capabilities = network?.capabilities ?? undefined;
  return canonicalAddress(addressOf(slug, nativeOfNumber(number, capabilities)), capabilities);
}
