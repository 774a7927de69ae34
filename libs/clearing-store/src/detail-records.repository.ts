/** Detail records. Those of a day are read by cursor, in the order of the clearing files, so that memory does not grow with the day. */
import Cursor from 'pg-cursor';
import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';
import type { BusinessDate, DetailRecord } from '#clearing';
import { createLog, runInBackground } from '#service';

const BATCH = 2000;

/** A time as text with microseconds, which sorts as the time does. */
export const instantText = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `
  d.reference, d.from_network, d.to_network, d.class, d.units::text, ${instantText('d.accepted_at')},
  ${instantText('d.ended_at')}, d.outcome, d.code, d.stand_in::text, d.at_switch::text, d.from_party, d.to_party`;
const ORDER = 'ORDER BY d.reference, d.to_network';

type Cell = string | null;

export interface StoredRating {
  tariff: string | null;
  price: bigint;
  switchFee: bigint;
}

/** Complete records of a day, whether it is closed or not. */
export async function* recordsOf(client: PoolClient, date: BusinessDate): AsyncGenerator<DetailRecord[]> {
  const sql = `SELECT ${COLUMNS} FROM detail_record d WHERE d.business_date = $1 ${ORDER}`;
  for await (const rows of batches(client, sql, [date])) yield rows.map(fromRow);
}

/** @returns undefined when there is no such record, or it is not complete */
export async function recordOf(
  manager: EntityManager,
  reference: string,
  toNetwork: string,
): Promise<DetailRecord | undefined> {
  const rows = await manager.query<{ cells: Cell[] }[]>(
    `SELECT ARRAY[${COLUMNS}] AS cells FROM detail_record d
     WHERE d.reference = $1 AND d.to_network = $2 AND d.business_date IS NOT NULL`,
    [reference, toNetwork],
  );
  return rows[0] && fromRow(rows[0].cells);
}

/** Records of a closed day with their prices. @param network only records in the files of this network */
export async function* ratedRecordsOf(
  client: PoolClient,
  date: BusinessDate,
  network?: string,
): AsyncGenerator<[DetailRecord, StoredRating][]> {
  const own =
    network === undefined ? '' : 'AND (d.from_network = $2 OR (d.to_network = $2 AND NOT d.at_switch))';
  const sql = `
    SELECT ${COLUMNS}, r.tariff::text, r.price::text, r.switch_fee::text
    FROM detail_record d JOIN rated_record r
      ON r.business_date = d.business_date AND r.reference = d.reference AND r.to_network = d.to_network
    WHERE d.business_date = $1 ${own} ${ORDER}`;
  const values = network === undefined ? [date] : [date, network];
  for await (const rows of batches(client, sql, values)) {
    yield rows.map((row) => {
      const [tariff = null, price, switchFee] = row.slice(13);
      return [fromRow(row), { tariff, price: BigInt(price ?? 0), switchFee: BigInt(switchFee ?? 0) }];
    });
  }
}

const log = createLog('clearing-store', 'warn');

async function* batches(client: PoolClient, sql: string, values: string[]): AsyncGenerator<Cell[][]> {
  const cursor = client.query(new Cursor<Cell[]>(sql, values, { rowMode: 'array' }));
  let over = false;
  const read = (): Promise<Cell[][]> => {
    const rows = cursor.read(BATCH);
    // Requested ahead of time: it may fail before it is awaited, where the error is handled.
    rows.catch(() => (over = true));
    return rows;
  };
  try {
    // The next batch is fetched while this one is processed.
    for (let next = read(); ;) {
      const rows = await next;
      over = rows.length === 0;
      if (over) return;
      next = read();
      yield rows;
    }
  } finally {
    // COMPAT(pg-cursor 2.22): on a lost connection the reply never comes. Later statements on this connection are queued anyway.
    if (!over) runInBackground('close of a cursor', log, () => cursor.close());
  }
}

function fromRow(row: Cell[]): DetailRecord {
  const [reference, from, to, trafficClass, units, acceptedAt, endedAt, outcome, code, standIn, atSwitch] =
    row;
  return {
    reference: reference ?? '',
    from: from ?? '',
    to: to ?? '',
    class: trafficClass ?? null,
    units: BigInt(units ?? 0),
    acceptedAt: acceptedAt ?? null,
    endedAt: endedAt ?? '',
    outcome: outcome === 'delivered' || outcome === 'unknown' ? outcome : 'failed',
    code: code ?? '',
    standIn: standIn === 'true',
    atSwitch: atSwitch === 'true',
    fromParty: row[11] ?? '',
    toParty: row[12] ?? '',
  };
}
