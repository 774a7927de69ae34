/** Reads everything that is known of one person: links, routes of the numbers, consents, and blocks of the addresses. */
import type { EntityManager } from 'typeorm';
import type { Address, Network, Reach } from '#protocol';
import type { LinkColumns } from './links.repository.js';
import type { OwnerLink, OwnerNetwork, OwnerRoute } from './number-owner.js';

/** Links of a number that the switch can use. */
const MOST_USABLE = 8;

export interface ConsentSummary {
  address: Address;
  reach: Reach;
  contacts: number;
  blocked: number;
  changed_at: Date;
}

export interface BlockColumns {
  id: string;
  address: Address;
  network: Network | null;
  reason: string;
  created_at: Date;
}

/** $3: a network of which alone addresses are followed and shown; null: all. */
const LINKS = `
  WITH RECURSIVE person AS (
    SELECT number, address, preferred, findable, since FROM link
    WHERE (address = $1 OR number = ANY($2::bigint[])) AND ($3::text IS NULL OR split_part(address, '@', 2) = $3)
    UNION
    SELECT l.number, l.address, l.preferred, l.findable, l.since
    FROM person p JOIN link l ON l.number = p.number OR l.address = p.address
    WHERE $3::text IS NULL OR split_part(l.address, '@', 2) = $3)
  SELECT * FROM person LIMIT $4`;

/**
 * All links that lead from an address and from numbers (digits) to further numbers and addresses.
 * @param within network of which alone addresses are followed and shown; null: all
 */
export function linksAround(
  manager: EntityManager,
  { address, numbers }: { address: Address | undefined; numbers: readonly string[] },
  within: Network | null,
  limit: number,
): Promise<LinkColumns[]> {
  return manager.query(LINKS, [address ?? null, numbers, within, limit]);
}

/** Of each number, the links that the switch can use, in its order. They show where a number leads, also if to another network. */
export function usableLinks(
  manager: EntityManager,
  numbers: readonly string[],
): Promise<(OwnerLink & { number: string })[]> {
  return manager.query(
    `SELECT n.number::text AS number, l.address, l.since FROM unnest($1::bigint[]) AS n (number) CROSS JOIN LATERAL
       (SELECT address, since, preferred FROM link WHERE number = n.number AND findable
        ORDER BY preferred DESC, since DESC, address LIMIT ${MOST_USABLE}) AS l
     ORDER BY l.preferred DESC, l.since DESC, l.address`,
    [numbers],
  );
}

/** Of any of the numbers: ported, by prefix, or by SMS. */
export function routesOfNumbers(manager: EntityManager, numbers: readonly string[]): Promise<OwnerRoute[]> {
  const prefixes = new Set(
    numbers.flatMap((digits) => Array.from(digits, (_, at) => digits.slice(0, at + 1))),
  );
  return manager.query(
    `SELECT kind, key, network, address, since FROM route WHERE kind = 'exact' AND key = ANY($1)
     UNION ALL
     SELECT kind, key, network, address, since FROM route WHERE kind IN ('prefix', 'sms') AND key = ANY($2)`,
    [numbers, [...prefixes]],
  );
}

export function networksNamed(manager: EntityManager, slugs: readonly string[]): Promise<OwnerNetwork[]> {
  return manager.query('SELECT slug, status, leaves_at, capabilities FROM network WHERE slug = ANY($1)', [
    slugs,
  ]);
}

/** Numbers that are ported to an address. */
export function numbersPortedTo(
  manager: EntityManager,
  address: Address,
  limit: number,
): Promise<{ key: string }[]> {
  return manager.query("SELECT key FROM route WHERE kind = 'exact' AND address = $1 ORDER BY key LIMIT $2", [
    address,
    limit,
  ]);
}

export function consentsOf(manager: EntityManager, addresses: readonly Address[]): Promise<ConsentSummary[]> {
  return manager.query(
    `SELECT address, reach, cardinality(contacts) AS contacts, cardinality(blocked) AS blocked, changed_at
     FROM consent WHERE address = ANY($1)`,
    [addresses],
  );
}

/** @param within network whose blocks alone are shown; null: all */
export function blocksOf(
  manager: EntityManager,
  addresses: readonly Address[],
  within: Network | null,
  limit: number,
): Promise<BlockColumns[]> {
  return manager.query(
    `SELECT id, address, network, reason, created_at FROM blocked
     WHERE address = ANY($1) AND ($2::text IS NULL OR network = $2) ORDER BY created_at, id LIMIT $3`,
    [addresses, within, limit],
  );
}
