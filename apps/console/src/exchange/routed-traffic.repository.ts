/**
 * Messages of a day to telephone numbers or domains, and where they lead. The trace has the number or domain that the sender named,
 * the detail records have what was delivered and to which network.
 */
import type { EntityManager } from 'typeorm';
import type { TrafficClass } from '#protocol';

/** How an address is resolved: the words of `resolvedby`. */
export type Via = 'ported' | 'preferred' | 'own' | 'sms' | 'domain';

export interface Place {
  network: string;
  via: Via;
}

/** Messages of one pair and class that a change leads to another network, or nowhere. */
export interface MovedFlow {
  from_network: string;
  to_network: string;
  class: TrafficClass;
  /** null: nobody would have the number or domain. */
  after: Place | null;
  messages: number;
  senders: number;
  /** Sums, as text. */
  units: string;
  /** Short messages that their words fill. */
  sms_units: string;
}

export type RouteTarget = { prefix: string } | { number: string } | { domain: string };

/** Rows that a change may move are kept until the transaction is taken back. */
const COLUMNS = `d.from_network, d.to_network, d.class, coalesce(d.units, 1) AS units, coalesce(d.sms_units, 1) AS sms_units,
  d.from_party, a.to_address`;
const DELIVERED = `FROM checkpoint a JOIN detail_record d ON d.reference = a.event_id
  WHERE a.stage = 'accepted' AND a.kind = 'message' AND a.at >= $1::timestamptz AND d.ended_at >= $1::timestamptz
    AND d.outcome = 'delivered' AND d.class IS NOT NULL`;

/**
 * The place of `named` in the order of docs/routing.md: ported, linked, longest prefix, SMS. Unlike the switch it does not ask whether
 * the network of a link takes part at present.
 */
const OF_NUMBER = `(SELECT jsonb_build_object('network', network, 'via', via) FROM (
    SELECT network, 'ported' AS via, 0 AS rank, 0 AS size FROM route WHERE kind = 'exact' AND key = named
    UNION ALL
    (SELECT split_part(address, '@', 2), 'preferred', 1, 0 FROM link WHERE number = named::bigint AND findable
     ORDER BY preferred DESC, since DESC, address LIMIT 1)
    UNION ALL
    SELECT network, CASE kind WHEN 'sms' THEN 'sms' ELSE 'own' END, CASE kind WHEN 'sms' THEN 3 ELSE 2 END, -length(key)
    FROM route WHERE kind IN ('prefix', 'sms') AND key IN (SELECT left(named, n) FROM generate_series(1, 15) n)
  ) places ORDER BY rank, size LIMIT 1)`;
const OF_DOMAIN = `(SELECT jsonb_build_object('network', network, 'via', 'domain') FROM route WHERE kind = 'domain' AND key = named)`;

/** Notes which messages of the time the change may move, with their place before it. @returns how many there are */
export async function noteTraffic(manager: EntityManager, since: Date, target: RouteTarget): Promise<number> {
  const byDomain = 'domain' in target;
  const named = byDomain ? `split_part(a.to_address, '@', 2)` : 'substr(a.to_address, 6)';
  await manager.query(
    `CREATE TEMP TABLE noted (from_network text, to_network text, class text, units bigint, sms_units bigint, from_party text,
       named text, before jsonb) ON COMMIT DROP`,
  );
  await manager.query(
    `INSERT INTO noted SELECT from_network, to_network, class, units, sms_units, from_party, named, ${placeOf(target)}
     FROM (SELECT ${COLUMNS.replace('a.to_address', `${named} AS named`)} ${DELIVERED} AND ${conditionOf(target)}) of_day`,
    [since, keyOf(target)],
  );
  const [row] = await manager.query<{ count: number }[]>('SELECT count(*)::int AS count FROM noted');
  return row?.count ?? 0;
}

/** What of the noted traffic has another place now, after the change. */
export function movedTraffic(manager: EntityManager, target: RouteTarget): Promise<MovedFlow[]> {
  return manager.query<MovedFlow[]>(
    `SELECT from_network, to_network, class, after, count(*)::int AS messages, count(DISTINCT from_party)::int AS senders,
       sum(units)::text AS units, sum(sms_units)::text AS sms_units
     FROM (SELECT *, ${placeOf(target)} AS after FROM noted) now
     WHERE before IS NOT NULL AND after IS DISTINCT FROM before AND after ->> 'network' IS DISTINCT FROM to_network
       OR before ->> 'via' <> 'sms' AND after ->> 'via' = 'sms' OR before ->> 'via' = 'sms' AND after ->> 'via' <> 'sms'
     GROUP BY from_network, to_network, class, after ORDER BY from_network, to_network, class`,
  );
}

function placeOf(target: RouteTarget): string {
  return 'domain' in target ? OF_DOMAIN : OF_NUMBER;
}

function keyOf(target: RouteTarget): string {
  if ('domain' in target) return target.domain;
  return `tel:+${'number' in target ? target.number : target.prefix}`;
}

function conditionOf(target: RouteTarget): string {
  if ('domain' in target) return `split_part(a.to_address, '@', 2) = $2`;
  const digits = `a.to_address ~ '^tel:\\+[0-9]{7,15}$'`;
  return 'number' in target
    ? `hashtextextended(a.to_address, 0) = hashtextextended($2, 0) AND a.to_address = $2 AND ${digits}`
    : `starts_with(a.to_address, $2) AND ${digits}`;
}
