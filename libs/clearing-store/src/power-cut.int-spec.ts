/** The power goes while a business day is closed, and right after it was: PostgreSQL starts again on what the disk held. */
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { openDatabase } from '#database';
import { findPostgres, freePort, postgres, postgresUrl, required, type Child } from '#engines';
import { amount } from '../../../test/support/amounts.js';
import { Disk, playOrSkip, processTree } from '../../../test/support/power-cut.js';
import { DATE, seedNetworks, seedRecords, seedTariffs } from '../../../test/support/synthetic-day.js';
import { closeDay, closedDay, verifyDay } from './index.js';

const { play } = playOrSkip();
const RECORDS = amount({ test: 15_000, torture: 150_000 });
const options = { adjustmentsBefore: new Date('2026-11-20T15:00:00Z') };

let disk: Disk | undefined;
let server: Child | undefined;

afterEach(async () => {
  await server?.stop();
  disk?.close();
  [server, disk] = [undefined, undefined];
});

/** PostgreSQL as `npm start` runs it, on a disk of its own, with a day of records. */
async function dayOnDisk(): Promise<{ database: DataSource; url: string }> {
  const { bin } = required(
    'PostgreSQL',
    findPostgres(() => undefined),
  ).paths;
  disk = Disk.open();
  const port = await freePort();
  server = postgres({ bin, folder: join(disk.path, 'postgres'), port });
  await server.start();
  const url = postgresUrl(port, 'hutong');
  const database = await openDatabase(url);
  await seedNetworks(database);
  await seedTariffs(database);
  await seedRecords(database, RECORDS);
  await database.query(
    `INSERT INTO adjustment VALUES (gen_random_uuid(), 'qq', 'xmpp', 123456, 'a dispute was upheld', NULL, '2026-11-20T10:00:00Z', NULL)`,
  );
  return { database, url };
}

let cutting: Promise<void> | undefined;

function cut(): void {
  if (server?.pid === undefined) throw new Error('PostgreSQL does not run');
  cutting = disk?.cut(processTree(server.pid));
}

async function again({ database, url }: { database: DataSource; url: string }): Promise<DataSource> {
  await database.destroy();
  await cutting;
  await server?.start();
  return openDatabase(url);
}

async function expectClosedOnce(database: DataSource): Promise<void> {
  const [counts] = await database.query<{ ratings: number; sum: string; adjusted: number }[]>(
    `SELECT (SELECT count(*)::int FROM rated_record) AS ratings, (SELECT sum(amount)::text FROM position) AS sum,
       (SELECT count(*)::int FROM adjustment WHERE business_date = $1) AS adjusted`,
    [DATE],
  );
  expect(counts).toEqual({ ratings: RECORDS, sum: '0', adjusted: 1 });
  expect(await verifyDay(database, DATE)).toMatchObject({ identical: true });
}

play('in the middle of a close: nothing is closed, and the day closes afterwards, once', async () => {
  const before = await dayOnDisk();
  const closing = closeDay(before.database, DATE, {
    ...options,
    onProgress: cut,
    progressEvery: RECORDS / 2,
  });
  await expect(closing).rejects.toBeDefined();

  const after = await again(before);
  expect(await closedDay(after, DATE)).toBeUndefined();
  expect(await after.query('SELECT 1 FROM rated_record LIMIT 1')).toEqual([]);
  expect(await after.query('SELECT 1 FROM adjustment WHERE business_date IS NOT NULL')).toEqual([]);
  const { already, manifest } = await closeDay(after, DATE, options);
  expect(already).toBe(false);
  expect(manifest).toMatchObject({ records: RECORDS, netSum: '0.000000' });
  await expectClosedOnce(after);
  await after.destroy();
});

play('right after a close: it is closed, and closing it again changes nothing', async () => {
  const before = await dayOnDisk();
  const { manifest } = await closeDay(before.database, DATE, options);
  cut();

  const after = await again(before);
  expect(await closeDay(after, DATE, options)).toEqual({ manifest, already: true });
  await expectClosedOnce(after);
  await after.destroy();
});
