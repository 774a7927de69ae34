/** How much traffic each pair of networks has had. */
import type { Queries } from '#database';
import type { TrafficClass } from '#protocol';

export interface Flow {
  from_network: string;
  to_network: string;
  class: TrafficClass;
  messages: number;
  senders: number;
  /** Sum, as text. */
  units: string;
}

/** @param network only traffic from or to this network; null: all */
export function flowsSince(queries: Queries, since: Date, network: string | null): Promise<Flow[]> {
  return queries.query<Flow[]>(
    `SELECT from_network, to_network, class, count(*)::int AS messages, count(DISTINCT from_party)::int AS senders,
       sum(coalesce(units, 1))::text AS units
     FROM detail_record WHERE ended_at >= $1 AND outcome = 'delivered' AND class IS NOT NULL
       AND ($2::text IS NULL OR $2 IN (from_network, to_network))
     GROUP BY from_network, to_network, class ORDER BY from_network, to_network, class`,
    [since, network],
  );
}
