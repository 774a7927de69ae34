/** A million detail records rated and closed, twice, and compared byte for byte; beside a plain read of them and a plain copy. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import Cursor from 'pg-cursor';
import type { DataSource } from 'typeorm';
import { ask } from '#bus';
import { businessDays } from '#clearing';
import { clearingFile, closedDay, statement, STATEMENT_FORMATS } from '#clearing-store';
import { openDatabase } from '#database';
import { requests } from '#protocol';
import type { DatabaseFixture } from '../support/database-fixture.js';
import { HubFixture } from '../support/hub-fixture.js';
import { NETWORKS, seedNetworks, seedRecords, seedTariffs } from '../support/synthetic-day.js';
import { round } from './measure.js';
import type { Measured } from './path.js';
import { scaled, type Scale } from './scale.js';

const RECORDS = 1_000_000;
const BATCH = 5000;
const CLOSE_TIMEOUT_MS = 300_000;
const COPIES = ['first', 'second'] as const;
/** The present business day. Clearing closes an earlier one by itself, and refuses one that is not a business day of the exchange. */
const DATE = businessDays().dateOf(new Date());

/** @param postgres a server without the databases that this makes */
export async function clearingBench(postgres: DatabaseFixture, scale: Scale): Promise<Measured> {
  const { note } = scale;
  const records = scaled(RECORDS, scale);
  const hub = await HubFixture.open();
  try {
    await seed(postgres, records);
    note(`${records} records of ${NETWORKS.length} networks are there`);
    const ceilingSeconds = await ceiling(postgres);
    note(`read by cursor and copied: ${ceilingSeconds} s`);
    const closes = [];
    for (const name of COPIES) {
      closes.push(await close(hub, postgres.url(name)));
      note(`${name} close: ${closes.at(-1)?.seconds} s, peak ${closes.at(-1)?.peakRssMb} MB`);
    }
    if (!(await isIdentical(postgres))) throw new Error('the same records were closed in two different ways');
    const closeSeconds = Math.min(...closes.map(({ seconds }) => seconds));
    const peakRssMb = Math.max(...closes.map((one) => one.peakRssMb));
    return {
      rows: [
        { part: 'clearing', what: 'plain cursor read, and COPY of as many', seconds: ceilingSeconds },
        {
          part: 'clearing',
          what: `rating and close of ${records} records`,
          seconds: closeSeconds,
          ratio: round(closeSeconds / ceilingSeconds),
          peakRssMb,
        },
      ],
      figures: {
        records: closes[0]?.records ?? 0,
        netSum: Number(closes[0]?.netSum),
        closeSeconds,
        ceilingSeconds,
        peakRssMb,
      },
    };
  } finally {
    await hub.close();
  }
}

/** Both closes begin with the same rows and the same tariffs, down to their ids. */
async function seed(postgres: DatabaseFixture, records: number): Promise<void> {
  const seeded = await openDatabase(postgres.url('seeded'));
  await seedNetworks(seeded);
  await seedTariffs(seeded, DATE);
  await seedRecords(seeded, records, DATE);
  await seeded.query('VACUUM ANALYZE detail_record');
  await seeded.destroy();
  const admin = await openDatabase(postgres.url('admin'));
  for (const name of ['ceiling', ...COPIES]) await admin.query(`CREATE DATABASE ${name} TEMPLATE seeded`);
  await admin.destroy();
}

/** What no close can be faster than: all rows out, as many rows in, and nothing thought about between. */
async function ceiling(postgres: DatabaseFixture): Promise<number> {
  return withDatabase(postgres.url('ceiling'), async (database) => {
    const runners = [database.createQueryRunner(), database.createQueryRunner()] as const;
    const reader = (await runners[0].connect()) as PoolClient;
    const writer = (await runners[1].connect()) as PoolClient;
    const start = performance.now();
    const cursor = reader.query(
      new Cursor<string[]>(
        'SELECT * FROM detail_record WHERE business_date = $1 ORDER BY reference, to_network',
        [DATE],
        {
          rowMode: 'array',
        },
      ),
    );
    const copy = writer.query(
      copyFrom('COPY rated_record (business_date, reference, to_network, price, switch_fee) FROM STDIN'),
    );
    for (let rows = await cursor.read(BATCH); rows.length > 0; rows = await cursor.read(BATCH)) {
      const text = rows.map((row) => `${DATE}\t${row[0]}\t${row[2]}\t0\t0\n`).join('');
      if (!copy.write(text)) await once(copy, 'drain');
    }
    copy.end();
    await finished(copy);
    const seconds = round((performance.now() - start) / 1000);
    for (const runner of runners) await runner.release();
    return seconds;
  });
}

/** By the app as it runs, over the bus: what an admin would see and wait for. */
async function close(hub: HubFixture, url: string) {
  const { child } = await hub.app('clearing', 'dist/apps/clearing/src/main.js', {
    NATS_CREDS: hub.credentials('clearing', await hub.authority.hubCredentials('clearing')),
    DATABASE_URL: url,
    CLEARING_PARTY_KEY: 'a key of at least thirty-two characters',
  });
  const start = performance.now();
  const reply = await ask(hub.link, requests.closeDay(), { date: DATE, force: true }, CLOSE_TIMEOUT_MS);
  const seconds = round((performance.now() - start) / 1000);
  if (reply.code !== '00') throw new Error(`${DATE} was closed before`);
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  await child.stop();
  return { ...reply, seconds, peakRssMb: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024) };
}

/** Manifests, with the checksums of all files as each close made them; and files of one member as anybody would get them. */
async function isIdentical(postgres: DatabaseFixture): Promise<boolean> {
  return withDatabase(postgres.url(COPIES[0]), (one) =>
    withDatabase(postgres.url(COPIES[1]), async (other) => {
      const [first, second] = [await closedDay(one, DATE), await closedDay(other, DATE)];
      if (!first || !isDeepStrictEqual(first, second)) return false;
      const [network = ''] = NETWORKS;
      for (const format of ['jsonl', 'csv'] as const) {
        const theirs = clearingFile(other, DATE, network, format)[Symbol.asyncIterator]();
        for await (const piece of clearingFile(one, DATE, network, format)) {
          const { value } = await theirs.next();
          if (!value || !piece.equals(value)) return false;
        }
        if (!(await theirs.next()).done) return false;
      }
      // An early close ends the period of the statement, so the two closes differ in it.
      for (const database of [one, other])
        await database.query('UPDATE business_day SET ends_at = $2 WHERE date = $1', [DATE, new Date(DATE)]);
      for (const format of STATEMENT_FORMATS) {
        const [mine, theirs] = [
          await statement(one, DATE, network, format),
          await statement(other, DATE, network, format),
        ];
        if (!mine.equals(theirs)) return false;
      }
      return true;
    }),
  );
}

async function withDatabase<T>(url: string, work: (database: DataSource) => Promise<T>): Promise<T> {
  const database = await openDatabase(url);
  try {
    return await work(database);
  } finally {
    await database.destroy();
  }
}
