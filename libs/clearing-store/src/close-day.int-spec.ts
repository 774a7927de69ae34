/** The close on a real PostgreSQL: many records, a database that is killed half-way, days that are closed for good. */
import { jest } from '@jest/globals';
import { types } from 'node:util';
import type { DataSource } from 'typeorm';
import { openDatabase } from '#database';
import { DatabaseFixture } from '../../../test/support/database-fixture.js';
import { amount } from '../../../test/support/amounts.js';
import {
  DATE,
  NETWORKS,
  seedNetworks,
  seedRecords,
  seedTariffs,
} from '../../../test/support/synthetic-day.js';
import { clearingFile, closeDay, closedDay, statement, STATEMENT_FORMATS, verifyDay } from './index.js';

const RECORDS = amount({ test: 50_000, torture: 1_000_000 });
const FEWER_RECORDS = amount({ test: 20_000, torture: 150_000 });
const options = { adjustmentsBefore: new Date('2026-11-20T15:00:00Z') };

let postgres: DatabaseFixture;
const opened: DataSource[] = [];

beforeAll(async () => {
  postgres = await DatabaseFixture.open();
});

afterAll(async () => {
  for (const database of opened) await database.destroy().catch(() => undefined);
  await postgres?.close();
});

async function open(name: string): Promise<DataSource> {
  const database = await openDatabase(postgres.url(name));
  opened.push(database);
  return database;
}

async function withRecords(name: string, count: number): Promise<DataSource> {
  const database = await open(name);
  await seedNetworks(database);
  await seedTariffs(database);
  await seedRecords(database, count);
  await database.query('VACUUM ANALYZE detail_record');
  return database;
}

async function adjust(database: DataSource, from: string, to: string, amount: number): Promise<void> {
  await database.query(
    `INSERT INTO adjustment VALUES (gen_random_uuid(), $1, $2, $3, 'a dispute was upheld', NULL, '2026-11-20T10:00:00Z', NULL)`,
    [from, to, amount],
  );
}

/** Rating, shares, bill and keep and netting once more, by the database, from the records and tariffs alone. */
const RECOMPUTED = `
  WITH rated AS (
    SELECT d.from_network AS f, d.to_network AS t, d.class, d.units, v.*
    FROM detail_record d CROSS JOIN LATERAL (
      SELECT id, termination_fee, switch_fee, bill_and_keep_permille AS permille, shares FROM tariff
      WHERE from_network IN (d.from_network, '*') AND to_network IN (d.to_network, '*') AND class = d.class
        AND valid_from <= d.accepted_at
      ORDER BY from_network = '*', to_network = '*', valid_from DESC LIMIT 1) v
    WHERE d.business_date = $1 AND d.outcome = 'delivered'),
  fees AS (
    SELECT f, t, class, id, permille, shares, sum(units) AS units, sum(units * termination_fee) AS fee, sum(units * switch_fee) AS hub
    FROM rated GROUP BY f, t, class, id, permille, shares),
  pairs AS (
    SELECT least(f, t) AS a, greatest(f, t) AS b, class, sum(units) FILTER (WHERE f < t) AS there, sum(units) FILTER (WHERE f > t) AS back,
      CASE WHEN bool_and(permille IS NOT NULL) THEN min(permille) END AS permille
    FROM fees GROUP BY 1, 2, 3),
  paid AS (
    SELECT fees.*, coalesce(abs(coalesce(there, 0) - coalesce(back, 0)) * 1000
      <= greatest(coalesce(there, 0), coalesce(back, 0)) * pairs.permille, false) AS waived
    FROM fees JOIN pairs ON least(f, t) = a AND greatest(f, t) = b AND fees.class = pairs.class),
  moves AS (
    SELECT f AS payer, t AS payee, fee AS amount FROM paid WHERE NOT waived
    UNION ALL SELECT f, 'hub', hub FROM paid
    UNION ALL SELECT CASE s ->> 'from' WHEN 'sender' THEN f ELSE t END, s ->> 'party',
      div(fee * (s ->> 'part')::int, (s ->> 'of')::int) FROM paid, jsonb_array_elements(shares) s WHERE NOT waived
    UNION ALL SELECT from_party, to_party, amount FROM adjustment WHERE business_date = $1)
  SELECT party, sum(amount)::text AS amount FROM (
    SELECT payer AS party, -amount AS amount FROM moves UNION ALL SELECT payee, amount FROM moves) ends
  GROUP BY party ORDER BY party COLLATE "C"`;

const positions = (database: DataSource) =>
  database.query<{ party: string; amount: string }[]>(
    'SELECT party, amount::text FROM position WHERE business_date = $1 ORDER BY party COLLATE "C"',
    [DATE],
  );

/** Of every party, in every form. */
async function statements(database: DataSource): Promise<Buffer[]> {
  const parties = (await positions(database)).map(({ party }) => party);
  const asked = parties.flatMap((party) =>
    STATEMENT_FORMATS.map((format) => statement(database, DATE, party, format)),
  );
  return Promise.all(asked);
}

async function read(pieces: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece.toString();
  return text;
}

describe(`a day of ${RECORDS} records of eight networks`, () => {
  let database: DataSource;
  beforeAll(async () => {
    database = await withRecords('many', RECORDS);
    await adjust(database, 'qq', 'xmpp', 123_456);
  });

  it('is closed in one run, with progress, and its positions sum to zero', async () => {
    const progress: number[] = [];
    const start = performance.now();
    const { manifest, already } = await closeDay(database, DATE, {
      ...options,
      onProgress: (records) => progress.push(records),
      progressEvery: RECORDS / 10,
    });
    process.stderr.write(`closed ${RECORDS} records in ${Math.round(performance.now() - start)} ms\n`);
    expect(already).toBe(false);
    expect(progress).toHaveLength(10);
    expect(manifest).toMatchObject({ records: RECORDS, netSum: '0.000000' });
    expect(Object.keys(manifest.members)).toEqual(NETWORKS);
    const sum = (await positions(database)).reduce((total, { amount }) => total + BigInt(amount), 0n);
    expect(sum).toBe(0n);
  });

  it('has the positions that the database computes by itself', async () => {
    const computed = await database.query(RECOMPUTED, [DATE]);
    expect(await positions(database)).toEqual(computed);
    expect((computed as { party: string }[]).map(({ party }) => party)).toContain('integrator:acme');
    const waived = await database.query(`SELECT 1 FROM statement_line WHERE kind = 'waiver'`);
    expect(waived).not.toHaveLength(0);
  });

  it('is found to be what it was', async () => {
    expect(await verifyDay(database, DATE)).toEqual({ date: DATE, identical: true, differences: [] });
  });

  it('changes in nothing when it is closed again', async () => {
    const before = await closedDay(database, DATE);
    expect(await closeDay(database, DATE, options)).toEqual({ manifest: before, already: true });
    const [{ count } = { count: 0 }] = await database.query<{ count: number }[]>(
      'SELECT count(*)::int FROM rated_record',
    );
    expect(count).toBe(RECORDS);
  });

  it('refuses to have a record of it changed', async () => {
    await expect(
      database.query(`UPDATE detail_record SET outcome = 'failed' WHERE from_network = 'qq'`),
    ).rejects.toThrow('final');
  });
});

const TIMERS = [
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
] as const;

/** Runs with a calendar that is a year ahead; timers stay real. */
async function aYearLater<Result>(run: () => Promise<Result>): Promise<Result> {
  jest.useFakeTimers({ now: Date.now() + 365 * 24 * 3600_000, doNotFake: [...TIMERS] });
  try {
    return await run();
  } finally {
    jest.useRealTimers();
  }
}

describe('the files and statements of a day', () => {
  let database: DataSource;
  beforeAll(async () => {
    database = await withRecords('files', 3000);
    await adjust(database, 'qq', 'xmpp', 123_456);
    await closeDay(database, DATE, options);
  });

  it('are what the manifest says, and each record stands in both networks’ files', async () => {
    const manifest = await closedDay(database, DATE);
    const references = new Map<string, number>();
    for (const network of NETWORKS) {
      const text = await read(clearingFile(database, DATE, network, 'jsonl'));
      expect(Buffer.byteLength(text)).toBe(manifest?.members[network]?.files.jsonl.bytes);
      for (const line of text.trimEnd().split('\n')) {
        const { reference, from, to, outcome, class: name } = JSON.parse(line) as Record<string, string>;
        expect([from, to]).toContain(network);
        references.set(reference ?? '', (references.get(reference ?? '') ?? 0) + (name === null ? 2 : 1));
        if (name === null) expect(outcome).toBe('failed');
      }
    }
    expect(references.size).toBe(3000);
    expect(new Set(references.values())).toEqual(new Set([2]));
  });

  it('name the adjustment, and repeat to the byte in every format', async () => {
    expect((await statement(database, DATE, 'xmpp', 'csv')).toString()).toMatch(
      /,qq,adjustment,,in,0,0,0\.123456,/,
    );
    for (const format of ['json', 'csv', 'pdf'] as const) {
      const first = await statement(database, DATE, 'qq', format);
      expect(await aYearLater(() => statement(database, DATE, 'qq', format))).toEqual(first);
    }
    expect((await statement(database, DATE, 'qq', 'pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('are not to be had of a day that is open', async () => {
    await expect(read(clearingFile(database, '2026-11-21', 'qq', 'csv'))).rejects.toThrow('30');
    await expect(statement(database, '2026-11-21', 'qq', 'json')).rejects.toThrow('30');
  });

  it('are found out when somebody changed them all the same', async () => {
    await database.query(
      `UPDATE rated_record SET price = price + 1 WHERE (reference, to_network) = (SELECT reference, to_network FROM detail_record WHERE from_network = 'qq' LIMIT 1)`,
    );
    const { identical, differences } = await verifyDay(database, DATE);
    expect(identical).toBe(false);
    expect(differences).toContain('the files or totals of qq');
  });

  it('are numbered: the next day has the next number, also for who was silent', async () => {
    const { manifest } = await closeDay(database, '2026-11-21', options);
    expect(manifest.members['qq']).toMatchObject({ sequence: 2, records: 0, position: '0.000000' });
  });
});

describe('a database that is killed in the middle of a close', () => {
  it('has closed nothing, and then closes the day as if nothing had been', async () => {
    const seeded = await withRecords('seeded', FEWER_RECORDS);
    await adjust(seeded, 'qq', 'xmpp', 123_456);
    await seeded.destroy();
    const admin = await open('admin');
    for (const copy of ['killed', 'undisturbed'])
      await admin.query(`CREATE DATABASE ${copy} TEMPLATE seeded`);
    // What is written must outlive the kill, although nothing waits for the disk here.
    await admin.query('CHECKPOINT');
    const undisturbed = await open('undisturbed');
    const { manifest: expected } = await closeDay(undisturbed, DATE, options);
    const expectedPositions = await positions(undisturbed);
    const expectedStatements = await statements(undisturbed);
    for (const database of [admin, undisturbed]) await database.destroy();

    const database = await open('killed');
    const onProgress = () => void postgres.server.crash();
    const thrown = await closeDay(database, DATE, {
      ...options,
      onProgress,
      progressEvery: FEWER_RECORDS / 2,
    }).catch((error: unknown) => error);
    // Not `instanceof`: an error of a socket is of another realm than the test's.
    expect(types.isNativeError(thrown)).toBe(true);
    await postgres.restart();

    expect(await closedDay(database, DATE)).toBeUndefined();
    expect(await database.query('SELECT 1 FROM rated_record LIMIT 1')).toEqual([]);
    expect(await database.query('SELECT 1 FROM adjustment WHERE business_date IS NOT NULL')).toEqual([]);
    const [one, other] = await Promise.all([
      closeDay(database, DATE, options),
      closeDay(database, DATE, options),
    ]);
    expect(one.already).not.toBe(other.already);
    expect(one.manifest).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(await positions(database)).toEqual(expectedPositions);
    expect(await statements(database)).toEqual(expectedStatements);
    expect((await verifyDay(database, DATE)).identical).toBe(true);
  });
});
