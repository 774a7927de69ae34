/** Statements through the API: what a bank needs, and who may read what of a day. Real PostgreSQL and bus. */
import { createHash } from 'node:crypto';
import { closeDay } from '#clearing-store';
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import { documentedRoutes } from '../../../../test/support/documented-routes.js';
import { textOfPages } from '../../../../test/support/pdf-text.js';

const FIRST = '2026-03-01';
const SECOND = '2026-03-02';
const ELEVENTH = '2026-03-11';
const OPERATORS = [
  { id: 'hub', name: 'Hutong', zh: '互通交换中心有限公司', account: '中国银行 100' },
  { id: 'north-co', name: 'North', zh: '北方通信有限公司', account: '招商银行 200' },
  { id: 'acme', name: 'Acme Integration', zh: '极致集成有限公司', account: '工商银行 300' },
];
let hub: ConsoleFixture;
let north: string;
let south: string;
let newcomer: string;
let acme: string;

interface StatementJson {
  number: string;
  legalName: { zh: string | null; en: string | null };
  account: string | null;
  issuer: { legalName: { zh: string | null }; account: string | null };
  period: { from: string; to: string; zone: string } | null;
  dueDate: string | null;
  opening: string;
  paid: string;
  overdue: string;
  position: string;
  closing: string;
}

const day = (date: string, more = '') => `/v1/business-days/${date}${more}`;
const statementOf = (key: string, date: string, party: string) =>
  hub.call<StatementJson>(key, 'GET', day(date, `/statements/${party}`));
const dates = async (key: string) =>
  (await hub.call<{ items: { date: string }[] }>(key, 'GET', '/v1/business-days')).body.items.map(
    ({ date }) => date,
  );

async function delivered(date: string, count: number): Promise<void> {
  await hub.sql(
    `INSERT INTO detail_record (reference, from_network, to_network, class, units, accepted_at, routed_seq, outcome, code,
       ended_at, outcome_seq, from_party, to_party, business_date)
     SELECT $1 || '-' || n, 'north', 'south', 'message', 1, $1::date, n, 'delivered', '00', $1::date, n, 'a', 'b', $1::date
     FROM generate_series(1, $2::int) n`,
    [date, count],
  );
}

/** One admin proposes, the other approves. */
async function bill(id: string, terms: object, version: number) {
  const body = { terms, reason: 'a test' };
  const of = { 'if-match': `"${version}"` };
  const { body: change } = await hub.call<{ id: string }>(
    FIRST_ADMIN,
    'PUT',
    `/v1/operators/${id}/billing`,
    body,
    of,
  );
  return hub.approve(change.id);
}

const close = (date: string) =>
  closeDay(hub.database, date, { adjustmentsBefore: new Date(`${date}T15:00:00Z`) });

beforeAll(async () => {
  hub = await ConsoleFixture.of(['north', 'south']);
  ({ north = '', south = '' } = hub.operators);
  for (const { id, name, zh, account } of OPERATORS) {
    const body = { id, name, contact: 'noc@example.cn', reason: 'a test' };
    expect((await hub.call(FIRST_ADMIN, 'POST', '/v1/operators', body)).status).toBe(201);
    expect(await bill(id, { legalName: { zh, en: null }, account }, 1)).toMatchObject({ status: 200 });
  }
  await hub.sql(`UPDATE network SET operator = 'north-co' WHERE slug = 'north'`);
  await hub.sql(
    `INSERT INTO tariff VALUES (gen_random_uuid(), '*', '*', 'message', '2020-01-01', 1000000, 100000, NULL,
       '[{"party":"integrator:acme","part":1,"of":10,"from":"receiver"}]', now())`,
  );
  await delivered(FIRST, 1500);
  await close(FIRST);
  await hub.call(FIRST_ADMIN, 'POST', '/v1/networks', { network: 'late', name: 'Late' });
  await hub.call(FIRST_ADMIN, 'POST', '/v1/networks/late/enable', { reason: 'a test' });
  newcomer = await hub.key('late people', 'operator', 'late');
  acme = await hub.key('acme people', 'integrator', 'integrator:acme');
  await delivered(SECOND, 10);
  await close(SECOND);
  await close(ELEVENTH);
  await hub.sql(`INSERT INTO business_day (date) VALUES ('2026-03-12')`);
});

afterAll(() => hub?.close(), 60_000);

describe('a statement', () => {
  test('has the companies, the period in its zone, and a due date', async () => {
    const { body } = await statementOf(north, FIRST, 'north');
    expect(body).toMatchObject({
      number: 'HT20260301-north',
      legalName: { zh: '北方通信有限公司', en: 'North' },
      account: '招商银行 200',
      issuer: { legalName: { zh: '互通交换中心有限公司' }, account: '中国银行 100' },
      period: { from: '2026-02-28T15:00:00.000Z', to: '2026-03-01T15:00:00.000Z', zone: 'Asia/Shanghai' },
      dueDate: '2026-03-11',
      position: '-1650.000000',
    });
  });

  test('begins with the balance at which the one before ended; what is due is not paid before a payment is recorded', async () => {
    const [first, second, eleventh] = await Promise.all(
      [FIRST, SECOND, ELEVENTH].map(async (date) => (await statementOf(north, date, 'north')).body),
    );
    expect(first).toMatchObject({ opening: '0.000000', closing: '-1650.000000' });
    expect(second).toMatchObject({
      opening: first?.closing,
      position: '-11.000000',
      closing: '-1661.000000',
    });
    expect(eleventh).toMatchObject({
      opening: second?.closing,
      paid: '0.000000',
      overdue: '0.000000',
      position: '0.000000',
      closing: second?.closing,
    });
  });

  test('as PDF names both companies, and carries the checksum of the JSON', async () => {
    const read = async (format: string) => {
      const answer = await fetch(`${hub.url}${day(FIRST, `/statements/north?format=${format}`)}`, {
        headers: { authorization: `Bearer ${north}` },
      });
      return { headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    const [pdf, json] = [await read('pdf'), await read('json')];
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(pdf.headers.get('hutong-sha256')).toBe(sha256(pdf.bytes));
    const [page = ''] = await textOfPages(pdf.bytes);
    for (const part of ['北方通信有限公司', '互通交换中心有限公司', '-1,650.000000', sha256(json.bytes)])
      expect(page).toContain(part);
  });

  test('keeps the names of its day when a company is renamed, and the network is told', async () => {
    const before = await statementOf(north, FIRST, 'north');
    const renamed = { legalName: { zh: '新北方通信有限公司', en: 'New North' }, account: '建设银行 999' };
    expect(await bill('north-co', renamed, 2)).toMatchObject({ status: 200 });
    expect((await hub.call(north, 'GET', '/v1/operators/north-co')).body).toMatchObject(renamed);
    expect((await statementOf(north, FIRST, 'north')).body).toEqual(before.body);
    const { body } = await hub.call<{ items: { subject: string }[] }>(north, 'GET', '/v1/announcements');
    expect(body.items.map(({ subject }) => subject)).toContain('operator/north-co');
  });
});

describe('a newcomer', () => {
  test('sees no day before it joined, and the days since', async () => {
    expect(await dates(newcomer)).toEqual([ELEVENTH, SECOND]);
    expect(await dates(north)).toEqual([ELEVENTH, SECOND, FIRST]);
    expect(await dates(hub.auditor)).toEqual(['2026-03-12', ELEVENTH, SECOND, FIRST]);
  });

  test('gets 404 for everything of such a day, as for a day that never was', async () => {
    for (const path of [
      '',
      '/positions',
      '/statements/late',
      '/files/late',
      '/confirmations',
      '/differences',
    ]) {
      expect(await hub.call(newcomer, 'GET', day(FIRST, path))).toMatchObject({ status: 404 });
      expect(await hub.call(newcomer, 'GET', day('2026-02-01', path))).toMatchObject({ status: 404 });
    }
    expect(await hub.call(newcomer, 'POST', day(FIRST, '/confirmations'))).toMatchObject({ status: 404 });
    expect(await statementOf(newcomer, SECOND, 'late')).toMatchObject({
      status: 200,
      body: { position: '0.000000' },
    });
  });

  test('never sees the counts of the whole exchange', async () => {
    const of = async (key: string) => (await hub.call(key, 'GET', day(SECOND))).body;
    expect(await of(hub.auditor)).toMatchObject({ records: 10, netSum: '0.000000', position: null });
    expect(await of(newcomer)).toMatchObject({ records: 0, netSum: null, position: '0' });
    expect(await of(south)).toMatchObject({ records: 10, netSum: null, position: '9' });
    expect((await hub.call(newcomer, 'GET', day(SECOND, '/positions'))).body).toMatchObject({
      positions: [],
      payments: [],
    });
  });
});

test('find knows statements by their number, and days, for those whose they are', async () => {
  const found = async (key: string, q: string) => {
    const { body } = await hub.call<{ items: { kind: string; id: string }[] }>(key, 'GET', `/v1/find?q=${q}`);
    return body.items.map(({ kind, id }) => `${kind} ${id}`);
  };
  const number = 'HT20260301-north';
  expect(await found(north, number)).toEqual([`statement ${number}`]);
  expect(await found(hub.auditor, 'HT20260301-integrator:acme')).toEqual([
    'statement HT20260301-integrator:acme',
  ]);
  expect(await found(north, FIRST)).toEqual([`business-day ${FIRST}`]);
  for (const [key, q] of [
    [south, number],
    [newcomer, FIRST],
    [newcomer, 'HT20260301-late'],
    [FIRST_ADMIN, 'HT20260301-nobody'],
    [FIRST_ADMIN, 'HT20269999-north'],
  ] as const)
    expect(await found(key, q)).toEqual([]);
});

test.each(['nobody', 'integrator:nobody', 'late'])(
  'a party that took no part in the day, %s, is 404 for an admin too',
  async (party) => {
    expect(await statementOf(FIRST_ADMIN, FIRST, party)).toMatchObject({ status: 404 });
  },
);

describe('an integrator', () => {
  test('reads its own statement and days', async () => {
    expect(await statementOf(acme, FIRST, 'integrator:acme')).toMatchObject({
      status: 200,
      body: { legalName: { zh: '极致集成有限公司' }, account: '工商银行 300', position: '150.000000' },
    });
    expect(await dates(acme)).toEqual([SECOND, FIRST]);
    expect((await hub.call(acme, 'GET', day(FIRST))).body).toMatchObject({
      position: '150',
      records: null,
      members: {},
    });
  });

  test('reads no statement, file or position of anybody else', async () => {
    for (const party of ['north', 'hub', 'integrator:other'])
      expect(await statementOf(acme, FIRST, party)).toMatchObject({ status: 404 });
    expect(await hub.call(acme, 'GET', day(FIRST, '/files/north'))).toMatchObject({ status: 404 });
    expect((await hub.call(acme, 'GET', day(FIRST, '/positions'))).body).toMatchObject({
      positions: [{ party: 'integrator:acme', amount: '150', paid: '0' }],
      payments: [{ from: 'south', to: 'integrator:acme', amount: '150' }],
    });
  });

  test('is refused, except at its own account, days, statements and adjustments', async () => {
    const open =
      /^(\w+ \/v1\/(me|keys|session|events|adjustments|payments|open-positions)\b|GET \/v1\/business-days(?!.*\/(confirmations|differences|reconciliations)))/;
    const asked = (await documentedRoutes(hub)).filter(
      ({ method, template }) => !open.test(`${method} ${template}`),
    );
    expect(asked.length).toBeGreaterThan(100);
    for (const { method, template, path, body } of asked) {
      const { status } = await hub.call(acme, method, path, body);
      expect({ method, template, status }).toEqual({ method, template, status: 403 });
    }
  });

  test('is added with its party only', async () => {
    await expect(hub.key('misplaced', 'integrator', 'north')).rejects.toThrow(/integrator has a party/);
    await expect(hub.key('misplaced', 'operator', 'integrator:acme')).rejects.toThrow(
      /operator has a network/,
    );
  });
});

test('positions and payments are the same money before and after netting', async () => {
  const { body } = await hub.call(hub.auditor, 'GET', day(FIRST, '/positions'));
  expect(body).toEqual({
    date: FIRST,
    positions: [
      { party: 'north', amount: '-1650', paid: '0' },
      { party: 'south', amount: '1350', paid: '0' },
      { party: 'hub', amount: '150', paid: '0' },
      { party: 'integrator:acme', amount: '150', paid: '0' },
    ],
    payments: [
      { from: 'north', to: 'south', amount: '1500' },
      { from: 'north', to: 'hub', amount: '150' },
      { from: 'south', to: 'integrator:acme', amount: '150' },
    ],
    more: false,
  });
});

test('amounts in the audit log are in yuan, as in the API', async () => {
  const raised = { amount: '-0.25', text: 'Ours says less.' };
  const { body } = await hub.call<{ id: string }>(south, 'POST', day(SECOND, '/differences'), raised);
  await hub.call(north, 'POST', day(SECOND, '/confirmations'));
  const changes = await hub.sql<{ change: object }>(
    'SELECT change FROM audit WHERE subject = ANY ($1) ORDER BY seq',
    [[`difference/${body.id}`, `business-day/${SECOND}`]],
  );
  expect(changes.map(({ change }) => change)).toMatchObject([{ amount: '-0.25' }, { position: '-11' }]);
});
