/** Tables of confirmations and differences. Dates are text, because the driver would turn them into times of the local time zone. */
import type { EntityManager } from 'typeorm';

export interface ConfirmationRow {
  date: string;
  network: string;
  /** Amount in millionths of a yuan; bigint as text. */
  position: string;
  key: string;
  at: Date;
}

export interface DifferenceRow {
  id: string;
  date: string;
  network: string;
  amount: string;
  text: string;
  key: string;
  raised_at: Date;
  resolution: string | null;
  adjustment: string | null;
  resolved_at: Date | null;
  version: number;
}

type Queries = Pick<EntityManager, 'query'>;

const CONFIRMATION = 'date::text AS date, network, position, key, at';
const DIFFERENCE =
  'id, date::text AS date, network, amount, text, key, raised_at, resolution, adjustment, resolved_at, version';

/** Locks the statement of one member for one day until the end of the transaction. */
export async function lockStatement(queries: Queries, date: string, network: string): Promise<void> {
  await queries.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `statement/${date}/${network}`,
  ]);
}

/** Position in millionths of a yuan; 0 for a party without a position. */
export async function positionOf(queries: Queries, date: string, party: string): Promise<string> {
  const rows = await queries.query<{ amount: string }[]>(
    'SELECT amount FROM position WHERE business_date = $1::date AND party = $2',
    [date, party],
  );
  return rows[0]?.amount ?? '0';
}

export async function isParty(queries: Queries, date: string, party: string): Promise<boolean> {
  const rows = await queries.query<{ known: boolean }[]>(
    `SELECT EXISTS (SELECT 1 FROM network WHERE slug = $2)
         OR EXISTS (SELECT 1 FROM position WHERE business_date = $1::date AND party = $2) AS known`,
    [date, party],
  );
  return rows[0]?.known === true;
}

export async function findConfirmation(
  queries: Queries,
  date: string,
  network: string,
): Promise<ConfirmationRow | undefined> {
  const rows = await queries.query<ConfirmationRow[]>(
    `SELECT ${CONFIRMATION} FROM confirmation WHERE date = $1::date AND network = $2`,
    [date, network],
  );
  return rows[0];
}

export async function insertConfirmation(queries: Queries, row: ConfirmationRow): Promise<void> {
  await queries.query(
    'INSERT INTO confirmation (date, network, position, key, at) VALUES ($1::date, $2, $3, $4, $5)',
    [row.date, row.network, row.position, row.key, row.at],
  );
}

/** Sorted by network; one row more than the limit. @param network only of this network */
export function listConfirmations(
  queries: Queries,
  date: string,
  network: string | null,
  after: string,
  limit: number,
): Promise<ConfirmationRow[]> {
  return queries.query<ConfirmationRow[]>(
    `SELECT ${CONFIRMATION} FROM confirmation
     WHERE date = $1::date AND ($2::text IS NULL OR network = $2) AND network > $3 ORDER BY network LIMIT $4`,
    [date, network, after, limit + 1],
  );
}

export async function insertDifference(queries: Queries, row: DifferenceRow): Promise<void> {
  await queries.query(
    `INSERT INTO difference (id, date, network, amount, text, key, raised_at) VALUES ($1, $2::date, $3, $4, $5, $6, $7)`,
    [row.id, row.date, row.network, row.amount, row.text, row.key, row.raised_at],
  );
}

export async function hasOpenDifference(queries: Queries, date: string, network: string): Promise<boolean> {
  const rows = await queries.query<object[]>(
    'SELECT 1 FROM difference WHERE date = $1::date AND network = $2 AND resolved_at IS NULL LIMIT 1',
    [date, network],
  );
  return rows.length > 0;
}

export async function lockDifference(
  queries: Queries,
  date: string,
  id: string,
): Promise<DifferenceRow | undefined> {
  const rows = await queries.query<DifferenceRow[]>(
    `SELECT ${DIFFERENCE} FROM difference WHERE id = $1 AND date = $2::date FOR UPDATE`,
    [id, date],
  );
  return rows[0];
}

export async function updateDifference(queries: Queries, row: DifferenceRow): Promise<void> {
  await queries.query(
    'UPDATE difference SET resolution = $2, adjustment = $3, resolved_at = $4, version = $5 WHERE id = $1',
    [row.id, row.resolution, row.adjustment, row.resolved_at, row.version],
  );
}

export interface DifferenceFilter {
  date: string;
  /** Only differences of this network. */
  network: string | null;
  state: 'open' | 'resolved' | undefined;
  after: { raisedAt: string; id: string } | undefined;
  limit: number;
}

/** Oldest first; one row more than the limit. */
export function listDifferences(
  queries: Queries,
  { date, network, state, after, limit }: DifferenceFilter,
): Promise<DifferenceRow[]> {
  return queries.query<DifferenceRow[]>(
    `SELECT ${DIFFERENCE} FROM difference
     WHERE date = $1::date AND ($2::text IS NULL OR network = $2)
       AND ($3::text IS NULL OR (resolved_at IS NULL) = ($3 = 'open'))
       AND ($4::timestamptz IS NULL OR (raised_at, id) > ($4, $5::uuid))
     ORDER BY raised_at, id LIMIT $6`,
    [date, network, state ?? null, after?.raisedAt ?? null, after?.id ?? null, limit + 1],
  );
}
