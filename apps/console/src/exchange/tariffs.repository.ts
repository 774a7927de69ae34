/** Tariffs, and the routes by domain and number prefix. */
import type { ShareRule } from '#clearing';
import type { Queries } from '#database';
import { ANY_NETWORK, type Route, type TrafficClass } from '#protocol';

export interface TariffColumns {
  id: string;
  from_network: string;
  to_network: string;
  class: TrafficClass;
  valid_from: Date;
  termination_fee: string;
  switch_fee: string;
  bill_and_keep_permille: number | null;
  shares: ShareRule[];
}

export interface RouteColumns {
  kind: Exclude<Route['kind'], 'exact'>;
  key: string;
  network: string;
  since: Date;
}

/** @param network null: all; otherwise those that can apply to the network @param after the key of the last row seen */
export function tariffsAfter(
  queries: Queries,
  network: string | null,
  after: readonly (string | undefined)[] | undefined,
  limit: number,
): Promise<TariffColumns[]> {
  const [from = null, to = null, kind = null, at = null] = after ?? [];
  return queries.query(
    `SELECT * FROM tariff
     WHERE ($1::text IS NULL OR from_network IN ($1, '${ANY_NETWORK}') OR to_network IN ($1, '${ANY_NETWORK}'))
       AND ($2::text IS NULL OR (from_network, to_network, class, valid_from) > ($2, $3, $4, $5::timestamptz))
     ORDER BY from_network, to_network, class, valid_from LIMIT $6`,
    [network, from, to, kind, at, limit],
  );
}

/** The tariff of each class that is in force for messages from one network to another. Takes precedence as `tariffBook` does. */
export function tariffsOfPair(
  queries: Queries,
  from: string,
  to: string,
  now: Date,
): Promise<TariffColumns[]> {
  return queries.query(
    `SELECT DISTINCT ON (class) * FROM tariff
     WHERE from_network IN ($1, '${ANY_NETWORK}') AND to_network IN ($2, '${ANY_NETWORK}') AND valid_from <= $3
     ORDER BY class, from_network = '${ANY_NETWORK}', to_network = '${ANY_NETWORK}', valid_from DESC`,
    [from, to, now],
  );
}

/** Without ported numbers. @param after the key of the last row seen */
export function routesAfter(
  queries: Queries,
  after: readonly (string | undefined)[] | undefined,
  limit: number,
): Promise<RouteColumns[]> {
  const [kind = null, key = null] = after ?? [];
  return queries.query(
    `SELECT kind, key, network, since FROM route WHERE kind <> 'exact' AND ($1::text IS NULL OR (kind, key) > ($1, $2))
     ORDER BY kind, key LIMIT $3`,
    [kind, key, limit],
  );
}
