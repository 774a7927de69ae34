/**
 * Tables of reconciliations. Own records are copied into a temporary table and compared by the database, so that memory does not grow
 * with the file.
 */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, type EntityManager } from 'typeorm';
import type { Queries } from '#database';
import { awaitedLater } from '#service';
import type { MomentKey } from '../http/page.js';
import { COMPARED, type ComparedField, type OwnRecord } from './own-records.js';

export const DIFFERENCE_KINDS = ['only-own', 'only-billed', 'other-value', 'repeated'] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];
/** Differences of one kind that are listed; the rest is counted. */
export const MOST_LISTED = 5000;
/** Reconciliations of one network that are kept; the oldest ones go first. */
export const MOST_KEPT = 20;

export interface Comparison {
  own: number;
  billed: number;
  same: number;
  counts: Record<DifferenceKind, number>;
}

export interface ReconciliationRow extends Comparison {
  id: string;
  date: string;
  network: string;
  /** API key of the caller. */
  key: string;
  at: Date;
}

export interface DifferenceColumns {
  n: number;
  kind: DifferenceKind;
  reference: string;
  to_network: string;
  field: ComparedField | null;
  own: string | null;
  billed: string | null;
  /** The newest dispute of the network about this record. */
  dispute: string | null;
}

const COLUMNS = 'id, date::text AS date, network, key, at, own, billed, same, counts';
const OWN_COLUMNS = ['reference', 'to', ...COMPARED] as const;

/** A record of the day in the form of an own record. */
const BILLED = `
  SELECT d.reference, d.to_network AS "to", d.from_network AS "from", coalesce(d.class, '') AS class, d.units::text AS units,
    CASE WHEN d.outcome IN ('delivered', 'unknown') THEN d.outcome ELSE 'failed' END AS outcome,
    trim_scale(r.price / 1000000.0)::text AS price, trim_scale(r.switch_fee / 1000000.0)::text AS "switchFee"
  FROM detail_record d JOIN rated_record r USING (business_date, reference, to_network)
  WHERE d.business_date = $1::date AND (d.from_network = $2 OR (d.to_network = $2 AND NOT d.at_switch))`;
/** The first of several lines about the same record. */
const OWN = 'SELECT DISTINCT ON (reference, "to") * FROM own_record ORDER BY reference, "to", line';
const PAIRS = `
  SELECT reference, "to", o.line IS NOT NULL AS in_own, b.units IS NOT NULL AS in_billed,
    ${COMPARED.map((field) => `o."${field}" AS "own_${field}", b."${field}" AS "billed_${field}"`).join(', ')}
  FROM (${OWN}) o FULL JOIN (${BILLED}) b USING (reference, "to")`;
const FIELDS = COMPARED.map((field) => `('${field}', "own_${field}", "billed_${field}")`).join(', ');

@Injectable()
export class ReconciliationsRepository {
  constructor(private readonly database: DataSource) {}

  /** Copies own records into a table that ends with the transaction. */
  async copyOwn(manager: EntityManager, records: AsyncIterable<OwnRecord>): Promise<void> {
    await manager.query(
      `CREATE TEMP TABLE own_record (line int GENERATED ALWAYS AS IDENTITY,
         ${OWN_COLUMNS.map((column) => `"${column}" text COLLATE "C"`).join(', ')}) ON COMMIT DROP`,
    );
    const client = (await manager.queryRunner?.connect()) as PoolClient;
    const names = OWN_COLUMNS.map((column) => `"${column}"`).join(', ');
    const copy = client.query(copyFrom(`COPY own_record (${names}) FROM STDIN`));
    const ended = awaitedLater(ending(client, finished(copy)));
    try {
      for await (const record of records)
        if (!copy.write(copyLine(record))) await Promise.race([once(copy, 'drain'), ended]);
      copy.end();
      await ended;
    } catch (error) {
      // Until an open COPY has ended, the connection cannot even roll back.
      copy.destroy();
      throw error;
    }
    await manager.query('ANALYZE own_record');
  }

  /** Compares the copied records with those in the clearing file of the network, and stores the differences. */
  async compare(manager: EntityManager, id: string, date: string, network: string): Promise<Comparison> {
    await manager.query(
      `CREATE TEMP TABLE pair ON COMMIT DROP AS ${PAIRS.replaceAll('$1', literal(date)).replaceAll('$2', literal(network))}`,
    );
    await manager.query(
      `CREATE TEMP TABLE found ON COMMIT DROP AS
         SELECT CASE WHEN in_own THEN 'only-own' ELSE 'only-billed' END AS kind, reference, "to", NULL::text AS field,
           own_price AS own, billed_price AS billed FROM pair WHERE NOT (in_own AND in_billed)
         UNION ALL
         SELECT 'other-value', reference, "to", field, v.own, v.billed FROM pair, LATERAL (VALUES ${FIELDS}) v(field, own, billed)
           WHERE in_own AND in_billed AND v.own <> v.billed
         UNION ALL
         SELECT 'repeated', reference, "to", NULL, NULL, NULL FROM own_record GROUP BY reference, "to" HAVING count(*) > 1`,
    );
    return counted(manager);
  }

  async insert(manager: EntityManager, row: ReconciliationRow): Promise<void> {
    const { id, date, network, key, at, own, billed, same, counts } = row;
    await manager.query('INSERT INTO reconciliation VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
      id,
      date,
      network,
      key,
      at,
      own,
      billed,
      same,
      JSON.stringify(counts),
    ]);
    await manager.query(
      `INSERT INTO reconciliation_difference
       SELECT $1, row_number() OVER (ORDER BY reference, "to", kind, field), kind, reference, "to", field, own, billed
       FROM (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY reference, "to", field) AS of_kind FROM found) f
       WHERE of_kind <= $2`,
      [id, MOST_LISTED],
    );
    await manager.query(
      `DELETE FROM reconciliation WHERE id IN (
         SELECT id FROM reconciliation WHERE network = $1 ORDER BY at DESC, id DESC OFFSET $2)`,
      [network, MOST_KEPT],
    );
  }

  /** Newest first; one row more than the limit. */
  list(
    network: string,
    date: string,
    before: MomentKey | undefined,
    limit: number,
  ): Promise<ReconciliationRow[]> {
    const [at, id] = before ?? [null, null];
    return this.database.query(
      `SELECT ${COLUMNS} FROM reconciliation WHERE network = $1 AND date = $2::date
         AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4::uuid))
       ORDER BY at DESC, id DESC LIMIT $5`,
      [network, date, at, id, limit + 1],
    );
  }

  async find(network: string, date: string, id: string): Promise<ReconciliationRow | undefined> {
    const [row] = await this.database.query<ReconciliationRow[]>(
      `SELECT ${COLUMNS} FROM reconciliation WHERE network = $1 AND date = $2::date AND id = $3`,
      [network, date, id],
    );
    return row;
  }

  async remove(manager: EntityManager, id: string): Promise<void> {
    await manager.query('DELETE FROM reconciliation WHERE id = $1', [id]);
  }

  /** In the order of the references. @param after number of the last difference of the page before */
  differences(
    queries: Queries,
    of: Pick<ReconciliationRow, 'id' | 'network'>,
    kind: DifferenceKind | undefined,
    after: number,
    limit: number,
  ): Promise<DifferenceColumns[]> {
    return queries.query(
      `SELECT n, kind, reference, to_network, field, own, billed,
         (SELECT id FROM dispute d WHERE d.reference = r.reference AND d.to_network = r.to_network AND d.claimant = $2
            AND ground IS DISTINCT FROM 'withdrawn' ORDER BY opened_at DESC LIMIT 1) AS dispute
       FROM reconciliation_difference r
       WHERE reconciliation = $1 AND ($3::text IS NULL OR kind = $3) AND n > $4 ORDER BY n LIMIT $5`,
      [of.id, of.network, kind ?? null, after, limit],
    );
  }
}

async function counted(manager: EntityManager): Promise<Comparison> {
  const [sums] = await manager.query<Omit<Comparison, 'counts'>[]>(
    `SELECT (SELECT count(*)::int FROM own_record) AS own, count(*) FILTER (WHERE in_billed)::int AS billed,
       (count(*) FILTER (WHERE in_own AND in_billed)
        - (SELECT count(DISTINCT (reference, "to")) FROM found WHERE kind = 'other-value'))::int AS same FROM pair`,
  );
  const rows = await manager.query<{ kind: DifferenceKind; count: number }[]>(
    'SELECT kind, count(*)::int AS count FROM found GROUP BY kind',
  );
  const of = new Map(rows.map(({ kind, count }) => [kind, count]));
  const counts = Object.fromEntries(
    DIFFERENCE_KINDS.map((kind) => [kind, of.get(kind) ?? 0]),
  ) as Comparison['counts'];
  return { own: 0, billed: 0, same: 0, ...sums, counts };
}

/** Cursors and COPY do not report that their connection has ended. */
async function ending(client: PoolClient, work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const lost = (): void => reject(new Error('the connection to the database was lost'));
  client.once('end', lost);
  try {
    await Promise.race([work, awaitedLater(promise)]);
  } finally {
    client.off('end', lost);
  }
}

/** A line of the text format of COPY. */
function copyLine(record: OwnRecord): string {
  const cells = OWN_COLUMNS.map((column) => record[column]);
  return `${cells.map((cell) => (cell === undefined ? '\\N' : escaped(cell))).join('\t')}\n`;
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

/** CREATE TABLE AS takes no parameters. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
