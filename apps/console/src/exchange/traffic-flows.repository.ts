/** How much traffic each pair of networks has had. */
import type { Queries } from '#database';
import type { TrafficClass } from '#protocol';

export interface Flow {
  from_network: string;
  to_network: string;
  class: TrafficClass;
  messages: number;
  senders: number;
}

export function flowsSince(queries: Queries, since: Date): Promise<Flow[]> {
  return queries.query<Flow[]>(
    `SELECT from_network, to_network, class, count(*)::int AS messages, count(DISTINCT from_party)::int AS senders
     FROM detail_record WHERE ended_at >= $1 AND outcome = 'delivered' AND class IS NOT NULL
     GROUP BY from_network, to_network, class ORDER BY from_network, to_network, class`,
    [since],
  );
}
