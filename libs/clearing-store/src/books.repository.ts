/** The books of a business day: its seal and manifest, the ratings of its records, statement lines and positions. */
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import {
  positionsOf,
  statementLines,
  type Adjustment,
  type BusinessDate,
  type Manifest,
  type StatementLine,
  type Transfer,
} from '#clearing';
import { LOCKS } from '#database';

const MANIFEST = `SELECT manifest FROM business_day WHERE date = $1 AND state = 'closed'`;

/** undefined: the day is not closed, or there is none. */
export async function closedDay(database: DataSource, date: BusinessDate): Promise<Manifest | undefined> {
  const rows: { manifest: Manifest }[] = await database.query(MANIFEST, [date]);
  return rows[0]?.manifest;
}

/** The same, on a connection in its transaction. */
export async function manifestOf(
  client: Pick<PoolClient, 'query'>,
  date: BusinessDate,
): Promise<Manifest | undefined> {
  return (await client.query<{ manifest: Manifest }>(MANIFEST, [date])).rows[0]?.manifest;
}

/**
 * Waits for transactions that are writing a record into the day, and lets no other begin. After that, the pass over the
 * records needs no lock that would delay the ledger.
 */
export async function seal(database: DataSource, date: BusinessDate): Promise<void> {
  await database.query('INSERT INTO business_day (date) VALUES ($1) ON CONFLICT DO NOTHING', [date]);
  await database.query('UPDATE business_day SET sealed_at = now() WHERE date = $1 AND sealed_at IS NULL', [
    date,
  ]);
}

/** Held until the end of the transaction: one close at a time. */
export async function lockClosing(client: PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.close]);
}

/** Networks that take part or are suspended. Each has a file for every day, also without traffic, so that a missing file is noticed. */
export async function currentMembers(client: PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ slug: string }>(
    `SELECT slug FROM network WHERE status IN ('live', 'suspended', 'leaving')`,
  );
  return rows.map(({ slug }) => slug);
}

/** The number of each member's last clearing file. */
export async function lastSequences(client: PoolClient): Promise<Map<string, number>> {
  const { rows } = await client.query<{ network: string; sequence: number }>(`
    SELECT member.key AS network, max((member.value ->> 'sequence')::int) AS sequence
    FROM business_day, jsonb_each(manifest -> 'members') member WHERE state = 'closed' GROUP BY member.key`);
  return new Map(rows.map(({ network, sequence }) => [network, sequence]));
}

interface AdjustmentRow {
  id: string;
  from_party: string;
  to_party: string;
  amount: string;
}

/** Assigns adjustments that were made before this time, and belong to no day yet, to this day. */
export async function assignAdjustments(
  client: PoolClient,
  date: BusinessDate,
  before: Date,
): Promise<Adjustment[]> {
  const { rows } = await client.query<AdjustmentRow>(
    `UPDATE adjustment SET business_date = $1 WHERE business_date IS NULL AND created_at < $2
     RETURNING id, from_party, to_party, amount`,
    [date, before],
  );
  return rows.map(toAdjustment);
}

export async function adjustmentsOf(client: PoolClient, date: BusinessDate): Promise<Adjustment[]> {
  const { rows } = await client.query<AdjustmentRow>(
    'SELECT id, from_party, to_party, amount FROM adjustment WHERE business_date = $1',
    [date],
  );
  return rows.map(toAdjustment);
}

function toAdjustment({ id, from_party, to_party, amount }: AdjustmentRow): Adjustment {
  return { id, from: from_party, to: to_party, amount: BigInt(amount) };
}

export async function writeBooks(
  client: PoolClient,
  date: BusinessDate,
  transfers: readonly Transfer[],
  manifest: Manifest,
): Promise<void> {
  await writeLines(client, date, statementLines(transfers));
  const positions = positionsOf(transfers);
  await client.query(
    'INSERT INTO position (business_date, party, amount) SELECT $1, * FROM unnest($2::text[], $3::numeric[])',
    [date, positions.map(({ party }) => party), positions.map(({ amount }) => amount.toString())],
  );
  await client.query(
    `UPDATE business_day SET state = 'closed', closed_at = clock_timestamp(), manifest = $2 WHERE date = $1`,
    [date, JSON.stringify(manifest)],
  );
}

/** Lines are numbered from 1 within each party's statement. */
async function writeLines(
  client: PoolClient,
  date: BusinessDate,
  lines: readonly StatementLine[],
): Promise<void> {
  const column = <T>(of: (line: StatementLine) => T) => lines.map(of);
  await client.query(
    `INSERT INTO statement_line
       (business_date, party, line, counterparty, kind, class, direction, units, records, amount, adjustment)
     SELECT $1, party, row_number() OVER (PARTITION BY party ORDER BY n), counterparty, kind, class, direction, units, records,
       amount, adjustment
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[], $8::bigint[], $9::numeric[], $10::uuid[])
       WITH ORDINALITY AS line (party, counterparty, kind, class, direction, units, records, amount, adjustment, n)`,
    [
      date,
      column(({ party }) => party),
      column(({ counterparty }) => counterparty),
      column(({ kind }) => kind),
      column(({ class: name }) => name),
      column(({ direction }) => direction),
      column(({ units }) => units.toString()),
      column(({ records }) => records),
      column(({ amount }) => amount.toString()),
      column(({ adjustment }) => adjustment),
    ],
  );
}
