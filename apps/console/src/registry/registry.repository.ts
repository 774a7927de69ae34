/** What the database says of members, agreements, routes, the phase and blocked addresses, in the types of the registry. */
import type { EntityManager } from 'typeorm';
import { NetworkRow } from '#database';
import {
  Agreement,
  Blocked,
  Capabilities,
  contentsOf,
  Member,
  network as networkSlug,
  Phase,
  registryKeys,
  Route,
  type CertificationLevel,
  type RegistryContent,
} from '#protocol';
import { z } from 'zod';

/** What changes together, and is locked together. */
export type RegistryPart = 'phase' | 'agreements' | 'routes' | 'blocked' | { member: string };

/** Of one part: what the registry is to hold, by key. A key of the part that is not in it is to be removed. */
export async function currentContents(
  manager: EntityManager,
  part: RegistryPart,
): Promise<Map<string, RegistryContent>> {
  switch (part) {
    case 'phase':
      return contentsOf({ phase: await phaseOf(manager) });
    case 'agreements':
      return contentsOf({ agreements: await agreementsOf(manager) });
    case 'routes':
      return contentsOf({ routes: await routesOf(manager) });
    case 'blocked':
      return contentsOf({ blocked: await blockedOf(manager) });
    default:
      return contentsOf({ members: await memberOf(manager, part.member) });
  }
}

/** LIKE pattern of the keys of a part. */
export function keysOf(part: RegistryPart): string {
  switch (part) {
    case 'phase':
      return registryKeys.phase;
    case 'agreements':
    case 'routes':
    case 'blocked':
      return `entry.${part}.%`;
    default:
      return registryKeys.member(networkSlug(part.member));
  }
}

/** Version 0: nobody has set one yet. */
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

export async function agreementsOf(manager: EntityManager): Promise<Agreement[]> {
  const rows = await manager.query<AgreementColumns[]>(
    'SELECT id, from_network, to_network, classes, limits, valid_from, valid_to FROM agreement ORDER BY id',
  );
  return rows.map((row) => Agreement.parse(agreementOf(row)));
}

async function routesOf(manager: EntityManager): Promise<Route[]> {
  return z
    .array(Route)
    .parse(
      await manager.query("SELECT kind, key, network FROM route WHERE kind <> 'exact' ORDER BY kind, key"),
    );
}

async function blockedOf(manager: EntityManager): Promise<Blocked[]> {
  const rows = await manager.query<{ address: string; network: string | null }[]>(
    'SELECT address, network FROM blocked ORDER BY address, network',
  );
  return rows.map(({ address, network }) => Blocked.parse({ address, ...(network ? { network } : {}) }));
}

async function memberOf(manager: EntityManager, slug: string): Promise<Member[]> {
  const row = await manager.getRepository(NetworkRow).findOneBy({ slug });
  if (!row) return [];
  const [certificate] = await manager.query<{ level: CertificationLevel }[]>(
    'SELECT level FROM certification WHERE network = $1 AND passed ORDER BY at DESC LIMIT 1',
    [slug],
  );
  return [memberFrom(row, certificate?.level)];
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
): Member {
  // Capabilities stored before they had bounds may exceed them: the network counts as one that declared none.
  const declared = Capabilities.safeParse(capabilities).data;
  return Member.parse({
    network: slug,
    name,
    status,
    adapter,
    test,
    standIn,
    risk,
    ...(leavesAt ? { leavesAt: leavesAt.toISOString() } : {}),
    ...(level ? { level } : {}),
    ...(declared ? { capabilities: declared } : {}),
  });
}
