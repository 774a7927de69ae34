/**
 * Messages of a day that other limits would have refused. An upper bound: it counts whole seconds, minutes and the day, while the
 * switch has token buckets, and everybody to whom a sender wrote counts as new.
 */
import type { EntityManager } from 'typeorm';
import type { Limits, TrafficClass } from '#protocol';

export interface Refused {
  class: TrafficClass;
  messages: number;
  senders: number;
  why: string;
}

export function overLimits(
  manager: EntityManager,
  pair: { from: string; to: string },
  since: Date,
  { perSecond, perSenderPerMinute, newContactsPerDay }: Limits,
): Promise<Refused[]> {
  return manager.query<Refused[]>(
    `WITH flow AS (
       SELECT class, from_party, to_party, accepted_at,
              min(accepted_at) OVER (PARTITION BY from_party, to_party) AS met_at
       FROM detail_record
       WHERE from_network = $1 AND to_network = $2 AND ended_at >= $3 AND outcome = 'delivered' AND class IS NOT NULL),
     counted AS (
       SELECT class, from_party,
              row_number() OVER (PARTITION BY from_party, date_trunc('minute', accepted_at) ORDER BY accepted_at) AS in_minute,
              dense_rank() OVER (PARTITION BY from_party ORDER BY met_at, to_party) AS person,
              row_number() OVER (PARTITION BY date_trunc('second', accepted_at) ORDER BY accepted_at) AS in_second
       FROM flow),
     judged AS (
       SELECT class, from_party, CASE
         WHEN in_minute > $4::numeric THEN 'over the limit of messages a minute of one sender'
         WHEN person > $5::numeric THEN 'over the limit of new people a day'
         WHEN in_second > $6::numeric THEN 'over the limit of messages a second' END AS why
       FROM counted)
     SELECT class, count(*)::int AS messages, count(DISTINCT from_party)::int AS senders, why
     FROM judged WHERE why IS NOT NULL GROUP BY class, why ORDER BY class, why`,
    [pair.from, pair.to, since, ...[perSenderPerMinute, newContactsPerDay, perSecond].map(atLeastOne)],
  );
}

/** A bucket holds at least one token. */
function atLeastOne(limit: number | undefined): number | null {
  return limit === undefined ? null : Math.max(1, Math.floor(limit));
}
