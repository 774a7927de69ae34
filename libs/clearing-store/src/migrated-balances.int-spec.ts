/** A database that was in use before payments were recorded is migrated; the statement of the next day continues its balances. */
import { DataSource } from 'typeorm';
import { openDatabase } from '#database';
import { MIGRATIONS } from '../../database/src/migrations/index.js';
import { DatabaseFixture } from '../../../test/support/database-fixture.js';
import { seedNetworks } from '../../../test/support/synthetic-day.js';
import { closeDay } from './index.js';
import { headOf } from './statement-heads.repository.js';

const FIRST_OF_THE_NEW = 'Payments1764635000000';
/** What clearing kept of a closed day. The first one is older than due dates. */
const DAYS = [
  { date: '2026-11-16', dueOn: null, xmpp: 5_000_000 },
  { date: '2026-11-17', dueOn: '2026-11-18', xmpp: -1_250_000 },
  { date: '2026-11-18', dueOn: '2026-11-19', xmpp: 300_001 },
  { date: '2026-11-19', dueOn: '2026-11-23', xmpp: -77 },
];
/** Of each closed day, as far as the next close reads it. */
const MANIFEST = JSON.stringify({
  members: { xmpp: { sequence: 1 }, matrix: { sequence: 1 }, qq: { sequence: 1 } },
});
const NEXT = '2026-11-20';
const SOMEBODY = '00000000-0000-4000-8000-000000000001';

let postgres: DatabaseFixture;
let database: DataSource;

beforeAll(async () => {
  postgres = await DatabaseFixture.open();
  const before = await openBefore('filled');
  await fill(before);
  await before.destroy();
  database = await openDatabase(postgres.url('filled'));
});
afterAll(async () => {
  await database?.destroy();
  await postgres?.close();
});

/** An empty database with the tables that there were before payments. */
async function openBefore(name: string): Promise<DataSource> {
  const at = MIGRATIONS.findIndex((migration) => migration.name === FIRST_OF_THE_NEW);
  expect(at).toBeGreaterThan(0);
  const admin = await new DataSource({ type: 'postgres', url: postgres.url('postgres') }).initialize();
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.destroy();
  const migrations = MIGRATIONS.slice(0, at);
  const opened = new DataSource({
    type: 'postgres',
    url: postgres.url(name),
    migrations,
    installExtensions: false,
  });
  await opened.initialize();
  await opened.runMigrations();
  return opened;
}

async function fill(before: DataSource): Promise<void> {
  await seedNetworks(before);
  for (const { date, dueOn, xmpp } of DAYS) {
    await before.query(
      `INSERT INTO business_day (date, state, sealed_at, closed_at, manifest, starts_at, ends_at, zone, due_on)
       VALUES ($1, 'closed', $2, $2, $4, $2::timestamptz - interval '1 day', $2, 'Asia/Shanghai', $3)`,
      [date, `${date}T16:00:00Z`, dueOn, MANIFEST],
    );
    await before.query(`INSERT INTO position VALUES ($1, 'xmpp', $2), ($1, 'matrix', $3), ($1, 'qq', 0)`, [
      date,
      xmpp,
      -xmpp,
    ]);
    await before.query(
      `INSERT INTO statement_head (business_date, party, opening, fallen_due) VALUES ($1, 'xmpp', 1, 2)`,
      [date],
    );
  }
  await before.query(`INSERT INTO business_day (date) VALUES ('${NEXT}')`);
  await fillPeople(before);
}

/** Rows of the tables that later migrations change. */
async function fillPeople(before: DataSource): Promise<void> {
  await before.query(
    `INSERT INTO person (id, name, mail, roles, created_at) VALUES ('${SOMEBODY}', 'Li', 'li@example.org', '{admin}', now())`,
  );
  await before.query(
    `INSERT INTO api_key (id, name, role, hash, prefix, created_at, person_id, reason)
     VALUES ('${SOMEBODY}', 'first', 'admin', 'a', 'b', now(), '${SOMEBODY}', 'a test')`,
  );
  await before.query(
    `INSERT INTO session (key_id, person_id, method, address, agent, started_at, seen_at, expires_at)
     VALUES ('${SOMEBODY}', '${SOMEBODY}', 'password-and-code', '192.0.2.1', 'a browser', now(), now(), now())`,
  );
  await before.query(
    `INSERT INTO second_factor (person_id, secret, created_at, confirmed_at) VALUES ('${SOMEBODY}', 'sealed', now(), now())`,
  );
  await before.query(
    `INSERT INTO webhook (id, url, kinds, note, secret, enabled, created_by, created_at)
     VALUES (gen_random_uuid(), 'https://a.example', '{dispute.moved}', '', 'sealed', true, '${SOMEBODY}', now())`,
  );
}

test('positions that were due count as paid on the statement of the day on which they were due', async () => {
  const rows = await database.query<object[]>(
    `SELECT business_date::text AS day, party, amount::int, statement_date::text AS statement, recorded_by AS by
     FROM payment WHERE party = 'xmpp' ORDER BY business_date`,
  );
  const paid = { party: 'xmpp', by: null };
  expect(rows).toEqual([
    { ...paid, day: '2026-11-16', amount: 5_000_000, statement: '2026-11-16' },
    { ...paid, day: '2026-11-17', amount: -1_250_000, statement: '2026-11-18' },
    { ...paid, day: '2026-11-18', amount: 300_001, statement: '2026-11-19' },
  ]);
  const unequal = await database.query<object[]>(
    'SELECT business_date FROM payment GROUP BY business_date HAVING sum(amount) <> 0',
  );
  expect(unequal).toEqual([]);
});

test('statements of before keep their amounts, and nothing on them was overdue', async () => {
  expect(await headOf(database, '2026-11-18', 'xmpp')).toMatchObject({ opening: 1n, paid: 2n, overdue: 0n });
});

test('the next statement opens with what is not due yet, and its payment closes it', async () => {
  await closeDay(database, NEXT, { adjustmentsBefore: new Date(`${NEXT}T16:00:00Z`) });
  const next = { paid: 0n, overdue: 0n };
  expect(await headOf(database, NEXT, 'xmpp')).toMatchObject({ ...next, opening: -77n });
  expect(await headOf(database, NEXT, 'matrix')).toMatchObject({ ...next, opening: 77n });
  expect(await headOf(database, NEXT, 'qq')).toMatchObject({ ...next, opening: 0n });
});

test('people, sessions and webhooks are as before', async () => {
  const [session] = await database.query<object[]>('SELECT method, only_enrols FROM session');
  expect(session).toEqual({ method: 'password-and-code', only_enrols: false });
  const [webhook] = await database.query<object[]>('SELECT enabled, failing_since, disabled_at FROM webhook');
  expect(webhook).toEqual({ enabled: true, failing_since: null, disabled_at: null });
  expect(await database.query('SELECT secret FROM second_factor')).toEqual([{ secret: 'sealed' }]);
});
