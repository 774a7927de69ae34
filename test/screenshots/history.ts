/** Gives a new installation a believable past: a settled business day, and changes that wait for somebody. */
import type { DataSource } from 'typeorm';
import { openDatabase } from '#database';
import { until } from '../support/hub-fixture.js';
import type { StandaloneFixture } from '../support/standalone-fixture.js';
import { seedRecords, seedTariffs } from '../support/synthetic-day.js';

const RECORDS = 4000;
const HOUR_MS = 3_600_000;
/** The business day before today, in the zone of the exchange. */
export const YESTERDAY = new Date(Date.now() - 24 * HOUR_MS).toLocaleDateString('sv-SE', {
  timeZone: 'Asia/Shanghai',
});

export async function makeHistory(whole: StandaloneFixture, slugs: readonly string[]): Promise<void> {
  const database = await openDatabase(whole.file.postgres.url);
  try {
    await settleYesterday(whole, database, slugs);
  } finally {
    await database.destroy();
  }
  await propose(whole);
  // Transactions that cannot be read are kept as dead letters, each content once: the pictures show a fault that waits for somebody.
  for (const events of [42, 'none', null])
    await whole.push(`unreadable-${String(events)}`, JSON.stringify({ events }));
}

/** The records of a day, made by the database. Clearing closes the day as every other one. */
async function settleYesterday(
  whole: StandaloneFixture,
  database: DataSource,
  slugs: readonly string[],
): Promise<void> {
  await seedTariffs(database, YESTERDAY);
  await seedRecords(database, RECORDS, YESTERDAY, slugs);
  await database.query('INSERT INTO business_day (date) VALUES ($1) ON CONFLICT DO NOTHING', [YESTERDAY]);
  await until(`${YESTERDAY} to be closed`, async () => {
    const close = await whole.console('POST', `/v1/business-days/${YESTERDAY}/close`, { force: false });
    return close.status === 200;
  });
}

/** The second admin has not approved them. */
async function propose(whole: StandaloneFixture): Promise<void> {
  const validFrom = new Date(Date.now() + 72 * HOUR_MS).toISOString();
  await call(whole, 'POST', '/v1/agreements', {
    terms: {
      from: 'fetion',
      to: 'wechat',
      classes: ['message', 'media'],
      limits: { perSecond: 200, perSenderPerMinute: 30, newContactsPerDay: 20 },
      validFrom,
    },
    reason: 'fewer advertisements',
  });
  const fees = { terminationFee: '0.012', switchFee: '0.001', billAndKeepPermille: 20 };
  await call(whole, 'POST', '/v1/tariffs', {
    terms: { from: 'xmpp', to: 'matrix', class: 'message', validFrom, ...fees },
    reason: 'agreed on 12 November',
  });
  await call(whole, 'POST', '/v1/routes', {
    terms: { kind: 'prefix', key: '86139', network: 'fetion' },
    reason: 'the numbers of its subscribers',
  });
}

async function call(whole: StandaloneFixture, method: string, path: string, body: object): Promise<void> {
  const { status, body: answer } = await whole.console(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
}
