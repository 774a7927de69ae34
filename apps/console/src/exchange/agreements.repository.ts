/** Agreements, as far as a network may see them. */
import type { Queries } from '#database';
import { ANY_NETWORK, type Limits, type TrafficClass } from '#protocol';

export interface AgreementColumns {
  id: string;
  from_network: string;
  to_network: string;
  classes: TrafficClass[];
  limits: Limits | null;
  valid_from: Date;
  valid_to: Date | null;
  version: number;
}

/** Condition for agreements of a network: its own, and those for all networks. */
const OF_NETWORK = `($1::text IS NULL OR from_network IN ($1, '${ANY_NETWORK}') OR to_network IN ($1, '${ANY_NETWORK}'))`;

/** In the order of the pair. @param network undefined: all agreements */
export function agreementsAfter(
  queries: Queries,
  network: string | undefined,
  after: { from: string; to: string | undefined; id: string | undefined } | undefined,
  limit: number,
): Promise<AgreementColumns[]> {
  return queries.query(
    `SELECT * FROM agreement WHERE ${OF_NETWORK} AND ($2::text IS NULL OR (from_network, to_network, id) > ($2, $3, $4::uuid))
     ORDER BY from_network, to_network, id LIMIT $5`,
    [network ?? null, after?.from ?? null, after?.to ?? null, after?.id ?? null, limit],
  );
}

export async function agreementOfNetwork(
  queries: Queries,
  network: string | undefined,
  id: string,
): Promise<AgreementColumns | undefined> {
  const [row] = await queries.query<AgreementColumns[]>(
    `SELECT * FROM agreement WHERE ${OF_NETWORK} AND id = $2`,
    [network ?? null, id],
  );
  return row;
}

/** Agreements that can apply to messages from one network to another. */
export function agreementsOfPair(queries: Queries, from: string, to: string): Promise<AgreementColumns[]> {
  return queries.query(
    `SELECT * FROM agreement WHERE from_network IN ($1, '${ANY_NETWORK}') AND to_network IN ($2, '${ANY_NETWORK}')
     ORDER BY valid_from DESC LIMIT 200`,
    [from, to],
  );
}

/** The highest fees, in millionths, of tariffs that are in force now or later and can apply to the pair. */
export async function highestFees(
  queries: Queries,
  from: string,
  to: string,
  classes: readonly TrafficClass[],
): Promise<{ termination: bigint; switch: bigint } | undefined> {
  const [fees] = await queries.query<{ termination: string | null; switch: string | null }[]>(
    `SELECT max(termination_fee) AS termination, max(switch_fee) AS switch FROM tariff t
     WHERE class = ANY($3) AND ($1 = '${ANY_NETWORK}' OR from_network IN ($1, '${ANY_NETWORK}'))
       AND ($2 = '${ANY_NETWORK}' OR to_network IN ($2, '${ANY_NETWORK}'))
       AND NOT EXISTS (SELECT 1 FROM tariff later WHERE later.from_network = t.from_network AND later.to_network = t.to_network
         AND later.class = t.class AND later.valid_from > t.valid_from AND later.valid_from <= now())`,
    [from, to, classes],
  );
  return fees?.termination != null && fees.switch != null
    ? { termination: BigInt(fees.termination), switch: BigInt(fees.switch) }
    : undefined;
}

/** Is an agreement for these classes in force now, until this time at least? */
export async function isOpenFrom(
  queries: Queries,
  pair: { from: string; to: string; classes: readonly TrafficClass[]; until: string | undefined },
): Promise<boolean> {
  const open = await queries.query<unknown[]>(
    `SELECT 1 FROM agreement WHERE from_network = $1 AND to_network = $2 AND classes @> $3::text[] AND valid_from <= now()
       AND (valid_to IS NULL OR valid_to >= $4)`,
    [pair.from, pair.to, pair.classes, pair.until ?? 'infinity'],
  );
  return open.length > 0;
}
