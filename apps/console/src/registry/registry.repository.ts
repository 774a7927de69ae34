/** Reads members, agreements, routes, the phase and blocked addresses from the database, in the types of the registry. */
import type { EntityManager } from 'typeorm';
import { NetworkRow } from '#database';
import {
  Agreement,
  ANY_NETWORK,
  Capabilities,
  network as networkSlug,
  Phase,
  registryKeys,
  type Address,
  type Blocked,
  type CertificationLevel,
  type Member,
  type Network,
  type RegistryContent,
  type Route,
} from '#protocol';

/** Identifies one entry of the registry. */
export type RegistryPart =
  | 'phase'
  | { member: string }
  | { agreementsFrom: string }
  | { routesTo: string }
  /** Network that blocks; null: all networks. */
  | { blockedBy: string | null };

export function keyOf(part: RegistryPart): string {
  if (part === 'phase') return registryKeys.phase;
  if ('member' in part) return registryKeys.member(networkSlug(part.member));
  if ('agreementsFrom' in part)
    return registryKeys.agreements(
      part.agreementsFrom === ANY_NETWORK ? ANY_NETWORK : networkSlug(part.agreementsFrom),
    );
  if ('routesTo' in part) return registryKeys.routes(networkSlug(part.routesTo));
  return registryKeys.blocked(part.blockedBy === null ? undefined : networkSlug(part.blockedBy));
}

/** Content of an entry; undefined: the entry has to be removed. */
export async function currentContent(
  manager: EntityManager,
  part: RegistryPart,
): Promise<RegistryContent | undefined> {
  if (part === 'phase') return { kind: 'phase', phase: await phaseOf(manager) };
  if ('member' in part) {
    const member = await memberOf(manager, part.member);
    return member && { kind: 'member', member };
  }
  if ('agreementsFrom' in part) {
    const agreements = await agreementsOf(manager, part.agreementsFrom);
    return agreements.length > 0 ? { kind: 'agreements', agreements } : undefined;
  }
  if ('routesTo' in part) {
    const routes = await routesOf(manager, part.routesTo);
    return routes.length > 0 ? { kind: 'routes', routes } : undefined;
  }
  const blocked = await blockedOf(manager, part.blockedBy);
  return blocked.length > 0 ? { kind: 'blocked', blocked } : undefined;
}

export async function allParts(manager: EntityManager): Promise<RegistryPart[]> {
  const networks = await manager.query<{ slug: string }[]>('SELECT slug FROM network ORDER BY slug');
  return [
    'phase',
    { agreementsFrom: ANY_NETWORK },
    { blockedBy: null },
    ...networks.flatMap(({ slug }) => [
      { member: slug },
      { agreementsFrom: slug },
      { routesTo: slug },
      { blockedBy: slug },
    ]),
  ];
}

/** Version 0 if no phase was set yet. */
export async function versionedPhase(manager: EntityManager): Promise<{ phase: Phase; version: number }> {
  const [row] = await manager.query<{ value: unknown; version: number }[]>(
    "SELECT value, version FROM setting WHERE key = 'phase'",
  );
  return row
    ? { phase: Phase.parse(row.value), version: row.version }
    : { phase: { phase: 'mesh' }, version: 0 };
}

export async function phaseOf(manager: EntityManager): Promise<Phase> {
  return (await versionedPhase(manager)).phase;
}

/** @param from only agreements from this network */
export async function agreementsOf(manager: EntityManager, from?: string): Promise<Agreement[]> {
  const rows = await manager.query<AgreementColumns[]>(
    `SELECT id, from_network, to_network, classes, limits, valid_from, valid_to FROM agreement
     WHERE $1::text IS NULL OR from_network = $1 ORDER BY id`,
    [from ?? null],
  );
  return rows.map((row) => Agreement.parse(agreementOf(row)));
}

async function routesOf(manager: EntityManager, network: string): Promise<Route[]> {
  return manager.query<Route[]>(
    "SELECT kind, key, network FROM route WHERE kind <> 'exact' AND network = $1 ORDER BY kind, key",
    [network],
  );
}

async function blockedOf(manager: EntityManager, by: string | null): Promise<Blocked[]> {
  const rows = await manager.query<{ address: Address; network: Network | null }[]>(
    'SELECT address, network FROM blocked WHERE network IS NOT DISTINCT FROM $1 ORDER BY address',
    [by],
  );
  return rows.map(({ address, network }) => ({ address, ...(network ? { network } : {}) }));
}

async function memberOf(manager: EntityManager, slug: string): Promise<Member | undefined> {
  const row = await manager.getRepository(NetworkRow).findOneBy({ slug });
  if (!row) return undefined;
  const [certificate] = await manager.query<{ level: CertificationLevel }[]>(
    'SELECT level FROM certification WHERE network = $1 AND passed ORDER BY at DESC LIMIT 1',
    [slug],
  );
  const limited = await manager.query<{ towards: Network }[]>(
    'SELECT towards FROM pair_limit WHERE network = $1 ORDER BY towards',
    [slug],
  );
  const limitedTowards = limited.map(({ towards }) => towards);
  return memberFrom(row, certificate?.level, limitedTowards);
}

interface AgreementColumns {
  id: string;
  from_network: string;
  to_network: string;
  classes: string[];
  limits: object | null;
  valid_from: Date;
  valid_to: Date | null;
}

function agreementOf(row: AgreementColumns): object {
  return {
    id: row.id,
    from: row.from_network,
    to: row.to_network,
    classes: row.classes,
    ...(row.limits ? { limits: row.limits } : {}),
    validFrom: row.valid_from.toISOString(),
    ...(row.valid_to ? { validTo: row.valid_to.toISOString() } : {}),
  };
}

function memberFrom(
  { slug, name, status, adapter, test, leavesAt, standIn, risk, capabilities }: NetworkRow,
  level: CertificationLevel | undefined,
  limitedTowards: Network[],
): Member {
  // Capabilities that were stored before bounds existed can exceed them. The network then counts as one without capabilities.
  const declared = Capabilities.safeParse(capabilities).data;
  return {
    network: networkSlug(slug),
    name,
    status,
    adapter,
    test,
    standIn,
    risk,
    ...(leavesAt ? { leavesAt: leavesAt.toISOString() } : {}),
    ...(level ? { level } : {}),
    ...(limitedTowards.length > 0 ? { limitedTowards } : {}),
    ...(declared ? { capabilities: declared } : {}),
  };
}
