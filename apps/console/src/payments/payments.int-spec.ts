/** Payments of positions: who records them, what the statements and the overview say. Real PostgreSQL and bus. */
import { closeDay } from '#clearing-store';
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import type { OverviewView } from '../overview/overview.dto.js';

const DATE = '2026-03-01';
const DAY_MS = 24 * 3600_000;
let now = new Date('2026-03-02T04:00:00Z');
let hub: ConsoleFixture;
let north: string;
let south: string;

const terms = (amount: string, more: object = {}) => ({
  party: 'north',
  amount,
  paidOn: '2026-03-02',
  reference: 'ICBC 1',
  ...more,
});
const propose = (amount: string, more: object = {}, key = FIRST_ADMIN) =>
  hub.call<{ id: string; detail: string }>(key, 'POST', `/v1/business-days/${DATE}/payments`, {
    terms: terms(amount, more),
    reason: 'on the account statement',
  });
async function paid(amount: string): Promise<void> {
  const { body, status } = await propose(amount);
  expect(status).toBe(202);
  expect(await hub.approve(body.id)).toMatchObject({ status: 200, body: { state: 'applied' } });
}
const openOf = async (key: string, query = '') =>
  (await hub.call<{ items: Record<string, unknown>[] }>(key, 'GET', `/v1/open-positions?${query}`)).body
    .items;
const statementOf = async (date: string) =>
  (await hub.call(north, 'GET', `/v1/business-days/${date}/statements/north`)).body;
/** By the clock of the console, so that what was recorded until now is on the statement. */
const close = (date: string) => closeDay(hub.database, date, { adjustmentsBefore: now });
const overdueIn = async (key: string) =>
  (await hub.call<OverviewView>(key, 'GET', '/v1/overview?range=day')).body.problems.filter(
    ({ kind }) => kind === 'position-overdue',
  );

beforeAll(async () => {
  hub = await ConsoleFixture.of(['north', 'south'], () => now);
  ({ north = '', south = '' } = hub.operators);
  await hub.sql(
    `INSERT INTO tariff VALUES (gen_random_uuid(), '*', '*', 'message', '2020-01-01', 1000000, 0, NULL, '[]', now())`,
  );
  await hub.sql(
    `INSERT INTO detail_record (reference, from_network, to_network, class, units, accepted_at, routed_seq, outcome, code,
       ended_at, outcome_seq, from_party, to_party, business_date)
     SELECT 'm-' || n, 'north', 'south', 'message', 1, $1::date, n, 'delivered', '00', $1::date, n, 'a', 'b', $1::date
     FROM generate_series(1, 10) n`,
    [DATE],
  );
  await close(DATE);
});
afterAll(() => hub?.close(), 60_000);

test('a position is open until it is paid, and everybody sees its own', async () => {
  const own = {
    date: DATE,
    party: 'north',
    position: '-10',
    paid: '0',
    outstanding: '-10',
    dueOn: '2026-03-11',
  };
  expect(await openOf(north)).toEqual([{ ...own, overdue: false }]);
  expect((await openOf(hub.auditor)).map(({ party }) => party)).toEqual(['north', 'south']);
  expect(await openOf(FIRST_ADMIN, 'party=south')).toMatchObject([{ position: '10', outstanding: '10' }]);
  expect(await hub.call(north, 'GET', '/v1/open-positions?party=south')).toMatchObject({ status: 404 });
});

test('two admins record a payment in parts, and the party is told', async () => {
  await paid('-4');
  expect(await openOf(north)).toMatchObject([{ paid: '-4', outstanding: '-6' }]);
  const { body } = await hub.call<{ items: object[] }>(north, 'GET', '/v1/payments');
  expect(body.items).toMatchObject([
    {
      date: DATE,
      party: 'north',
      amount: '-4',
      paidOn: '2026-03-02',
      reference: 'ICBC 1',
      recordedBy: 'first admin',
      approvedBy: 'second admin',
      statementDate: null,
    },
  ]);
  expect((await hub.call<{ items: object[] }>(south, 'GET', '/v1/payments')).body.items).toEqual([]);
  const news = await hub.call<{ items: { words: string }[] }>(north, 'GET', '/v1/announcements');
  expect(news.body.items[0]?.words).toContain('north has paid 4 yuan on 2026-03-02');
  const audited = await hub.sql<{ actor: string; change: object }>(
    `SELECT actor, change FROM audit WHERE action = 'payment.recorded'`,
  );
  expect(audited).toMatchObject([{ change: { party: 'north', amount: '-4', outstanding: '-6' } }]);
});

test.each([
  ['more than the position', '-6.1', {}, 409],
  ['the other way, beyond what is paid', '4.1', {}, 409],
  ['of a party without position', '-1', { party: 'integrator:nobody' }, 404],
  ['in the future', '-1', { paidOn: '2026-03-10' }, 400],
])('a payment %s is refused', async (_, amount, more, status) => {
  expect(await propose(amount, more)).toMatchObject({ status });
});

test('a recorded payment is final, and a correction has the other sign', async () => {
  await expect(hub.sql('UPDATE payment SET amount = -1')).rejects.toThrow(/is final/);
  await expect(hub.sql('DELETE FROM payment')).rejects.toThrow(/is final/);
  await paid('1');
  expect(await openOf(north)).toMatchObject([{ paid: '-3', outstanding: '-7' }]);
});

test('statements begin with the balance of the one before, less what was paid', async () => {
  now = new Date('2026-03-02T15:00:00Z');
  await close('2026-03-02');
  expect(await statementOf(DATE)).toMatchObject({
    opening: '0.000000',
    position: '-10.000000',
    closing: '-10.000000',
  });
  expect(await statementOf('2026-03-02')).toMatchObject({
    opening: '-10.000000',
    paid: '-3.000000',
    closing: '-7.000000',
    overdue: '0.000000',
  });
});

test('what was due yesterday is overdue: on the overview, and on the statement', async () => {
  now = new Date('2026-03-11T10:00:00Z');
  expect(await overdueIn(FIRST_ADMIN)).toEqual([]);
  now = new Date(now.getTime() + DAY_MS);
  expect(await overdueIn(FIRST_ADMIN)).toMatchObject([
    { subject: 'HT20260301-north', words: expect.stringContaining('north owes 7 yuan') as string },
    { subject: 'HT20260301-south', words: expect.stringContaining('south is owed 10 yuan') as string },
  ]);
  expect((await overdueIn(north)).map(({ subject }) => subject)).toEqual(['HT20260301-north']);
  expect(await openOf(north, 'overdue=true')).toMatchObject([{ outstanding: '-7', overdue: true }]);
  await close('2026-03-12');
  const before = await statementOf('2026-03-12');
  expect(before).toMatchObject({ opening: '-7.000000', paid: '0.000000', overdue: '-7.000000' });
  now = new Date(now.getTime() + DAY_MS);
  await paid('-7');
  expect(await overdueIn(north)).toEqual([]);
  now = new Date(now.getTime() + 1000);
  await close('2026-03-13');
  expect(await statementOf('2026-03-13')).toMatchObject({
    opening: '-7.000000',
    paid: '-7.000000',
    closing: '0.000000',
    overdue: '0.000000',
  });
  expect(await statementOf('2026-03-12')).toEqual(before);
});
