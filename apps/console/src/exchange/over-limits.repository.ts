/**
 * Messages of a day that other limits would have refused. An upper bound: it counts whole seconds, minutes and the day, while the
 * switch has token buckets, and everybody to whom a sender wrote counts as new.
 */
import type { Queries } from '#database';
import type { Limits } from '#protocol';
import type { Flow } from './traffic-flows.repository.js';

export interface Refused extends Flow {
  why: string;
}

export interface LimitedPair {
  from: string;
  to: string;
  limits: Limits;
}

export function overLimits(queries: Queries, pairs: readonly LimitedPair[], since: Date): Promise<Refused[]> {
  return queries.query<Refused[]>(
    `WITH pair AS (
       SELECT * FROM unnest($2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::numeric[])
         AS p (from_network, to_network, per_minute, per_day, per_second)),
     flow AS (
       SELECT r.from_network, r.to_network, class, coalesce(units, 1) AS units, from_party, to_party, accepted_at,
         per_minute, per_day, per_second,
         min(accepted_at) OVER (PARTITION BY r.from_network, r.to_network, from_party, to_party) AS met_at
       FROM detail_record r JOIN pair p ON p.from_network = r.from_network AND p.to_network = r.to_network
       WHERE ended_at >= $1 AND outcome = 'delivered' AND class IS NOT NULL),
     counted AS (
       SELECT *,
         row_number() OVER (PARTITION BY from_network, to_network, from_party, date_trunc('minute', accepted_at)
           ORDER BY accepted_at) AS in_minute,
         dense_rank() OVER (PARTITION BY from_network, to_network, from_party ORDER BY met_at, to_party) AS person,
         row_number() OVER (PARTITION BY from_network, to_network, date_trunc('second', accepted_at)
           ORDER BY accepted_at) AS in_second
       FROM flow),
     judged AS (
       SELECT *, CASE
         WHEN in_minute > per_minute THEN 'over the limit of messages a minute of one sender'
         WHEN person > per_day THEN 'over the limit of new people a day'
         WHEN in_second > per_second THEN 'over the limit of messages a second' END AS why
       FROM counted)
     SELECT from_network, to_network, class, count(*)::int AS messages, count(DISTINCT from_party)::int AS senders,
       sum(units)::text AS units, why
     FROM judged WHERE why IS NOT NULL GROUP BY from_network, to_network, class, why
     ORDER BY from_network, to_network, class, why`,
    [
      since,
      pairs.map(({ from }) => from),
      pairs.map(({ to }) => to),
      pairs.map(({ limits }) => atLeastOne(limits.perSenderPerMinute)),
      pairs.map(({ limits }) => atLeastOne(limits.newContactsPerDay)),
      pairs.map(({ limits }) => atLeastOne(limits.perSecond)),
    ],
  );
}

/** A bucket holds at least one token. */
function atLeastOne(limit: number | undefined): number | null {
  return limit === undefined ? null : Math.max(1, Math.floor(limit));
}
