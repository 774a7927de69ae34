/** Statement lines, positions and adjustments of closed days. */
import type { DataSource } from 'typeorm';
import type { BusinessDate, Position, StatementLine } from '#clearing';

/** The reason of a line of the kind `adjustment`. */
export interface StatementAdjustment {
  id: string;
  /** Reference of the detail record, if a dispute is the reason. */
  reference: string | null;
  text: string;
}

/** Runs a statement and returns its rows: a data source, or a connection in its transaction. */
type Query = <Row>(sql: string, values: unknown[]) => Promise<Row[]>;

interface LineRow {
  party: string;
  counterparty: string;
  kind: StatementLine['kind'];
  class: string | null;
  direction: StatementLine['direction'];
  units: string;
  records: string;
  amount: string;
  adjustment: string | null;
}

/** Adjustments of these lines, in their order. */
export async function adjustmentsIn(
  database: DataSource,
  lines: readonly StatementLine[],
): Promise<StatementAdjustment[]> {
  const ids = lines.map(({ adjustment }) => adjustment).filter((id) => id !== null);
  if (ids.length === 0) return [];
  return database.query<StatementAdjustment[]>(
    `SELECT id, reference, reason AS text FROM adjustment
     JOIN unnest($1::uuid[]) WITH ORDINALITY AS line (id, n) USING (id) ORDER BY n`,
    [ids],
  );
}

interface Client {
  query: <Row extends object>(sql: string, values: unknown[]) => Promise<{ rows: Row[] }>;
}

export function readLines(client: Client, date: BusinessDate): Promise<StatementLine[]> {
  return linesWith(
    async <Row>(sql: string, values: unknown[]) => (await client.query(sql, values)).rows as Row[],
    date,
  );
}

export async function readPositions(client: Client, date: BusinessDate): Promise<Position[]> {
  const { rows } = await client.query<{ party: string; amount: string }>(
    'SELECT party, amount::text FROM position WHERE business_date = $1 ORDER BY party COLLATE "C"',
    [date],
  );
  return rows.map(({ party, amount }) => ({ party, amount: BigInt(amount) }));
}

/** The lines of one party. */
export function linesOfParty(
  database: DataSource,
  date: BusinessDate,
  party: string,
): Promise<StatementLine[]> {
  return linesWith((sql, values) => database.query(sql, values), date, party);
}

async function linesWith(query: Query, date: BusinessDate, party?: string): Promise<StatementLine[]> {
  const own = party === undefined ? '' : 'AND party = $2';
  const rows = await query<LineRow>(
    `SELECT party, counterparty, kind, class, direction, units::text, records::text, amount::text, adjustment
     FROM statement_line WHERE business_date = $1 ${own} ORDER BY party COLLATE "C", line`,
    party === undefined ? [date] : [date, party],
  );
  return rows.map((row) => ({
    ...row,
    units: BigInt(row.units),
    records: Number(row.records),
    amount: BigInt(row.amount),
  }));
}
