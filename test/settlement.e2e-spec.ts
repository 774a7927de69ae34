/** From a message to money: people write, the day is closed, both operators get what adds up, and one of them disputes it. */
import { createHash } from 'node:crypto';
import type { TestNetwork } from '#adapter-contract';
import { daysAfter } from '#clearing';
import { ExchangeFixture } from './support/exchange-fixture.js';
import { farCutover } from './support/far-cutover.js';
import { until } from './support/hub-fixture.js';

let exchange: ExchangeFixture;
let north: TestNetwork;
let south: TestNetwork;
let northKey: string;
let southKey: string;
const reason = 'a test';
let day: string;

beforeAll(async () => {
  exchange = await ExchangeFixture.open();
  await exchange.hub.switch();
  await exchange.hub.app('clearing', 'dist/apps/clearing/src/main.js', {
    NATS_CREDS: exchange.hub.credentials('clearing', await exchange.hub.authority.hubCredentials('clearing')),
    DATABASE_URL: exchange.sqlUrl,
    CLEARING_PARTY_KEY: 'a key for the parties of this test only',
    CLEARING_CUTOVER: farCutover(),
  });
  [north, south] = [await exchange.network('north'), await exchange.network('south')];
  [northKey, southKey] = [await exchange.operatorKey('north'), await exchange.operatorKey('south')];
  // In the future, as every new tariff, when both admins have decided; then that time comes.
  const inForce = new Date(Date.now() + 3600_000);
  const terms = {
    from: 'north',
    to: 'south',
    class: 'message',
    validFrom: inForce.toISOString(),
    terminationFee: '0.05',
    switchFee: '0.001',
    shares: [{ party: 'integrator:east', part: 5, of: 50, from: 'receiver' }],
  };
  const proposed = await exchange.api<{ id: string }>('POST', '/v1/tariffs', { terms, reason });
  expect(await exchange.approve(proposed.body.id)).toBe(200);
  const moved = await exchange.sql.query('UPDATE tariff SET valid_from = now()');
  expect(moved.rowCount).toBe(1);
}, 120_000);

afterAll(() => exchange?.close(), 60_000);

const download = async (path: string, key: string) => {
  const response = await fetch(exchange.console.url + path, { headers: { authorization: `Bearer ${key}` } });
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};

interface Member {
  files: Record<'jsonl' | 'csv', { sha256: string; bytes: number; records: number }>;
  position: string;
}

test('ten messages are delivered, recorded, rated and netted; the positions add up to nothing', async () => {
  for (let n = 0; n < 10; n++)
    north.act({ kind: 'message', from: 'ann', to: 'sue@south', text: `line ${n}` });
  north.act({ kind: 'message', from: 'ann', to: 'nobody@nowhere', text: 'lost' });
  await until('all of it', () => south.inbox('sue').filter(({ kind }) => kind === 'message').length === 10);
  const complete = async () =>
    (
      await exchange.sql.query<{ date: string }>(
        'SELECT business_date::text AS date FROM detail_record WHERE business_date IS NOT NULL',
      )
    ).rows;
  await until('its records', async () => (await complete()).length === 11);
  day = (await complete())[0]?.date ?? '';
  const early = await exchange.api('POST', `/v1/business-days/${day}/close`, {});
  expect(early).toMatchObject({ status: 400, body: { type: 'urn:hutong:problem:invalid' } });
  // Before it is over, two admins close it.
  const path = `/v1/business-days/${day}/close`;
  const proposed = await exchange.api<{ id: string }>('POST', path, { force: true });
  expect(proposed).toMatchObject({ status: 202, body: { state: 'proposed' } });
  expect((await exchange.api('GET', `/v1/business-days/${day}`)).body).toMatchObject({ state: 'open' });
  expect(await exchange.approve(proposed.body.id)).toBe(200);
  const closed = await exchange.api('GET', `/v1/business-days/${day}`);
  expect(closed.body).toMatchObject({ state: 'closed', records: 11, netSum: '0.000000' });
  const again = await exchange.api('POST', path, { force: true });
  expect(again).toMatchObject({ status: 200, body: { alreadyClosed: true, records: 11 } });
  const positions = await exchange.sql.query<{ party: string; amount: string }>(
    'SELECT party, amount FROM position ORDER BY party',
  );
  expect(positions.rows).toEqual([
    { party: 'hub', amount: '10000' },
    { party: 'integrator:east', amount: '50000' },
    { party: 'north', amount: '-510000' },
    { party: 'south', amount: '450000' },
  ]);
});

test('a member gets its own file with the correct checksum, and no file of another member', async () => {
  const shown = await exchange.api<{ members: Record<string, Member> }>(
    'GET',
    `/v1/business-days/${day}`,
    undefined,
    {
      key: southKey,
    },
  );
  expect(Object.keys(shown.body.members)).toEqual(['south']);
  const { files, position } = shown.body.members['south'] as Member;
  expect(position).toBe('0.450000');
  for (const format of ['jsonl', 'csv'] as const) {
    const file = await download(`/v1/business-days/${day}/files/south?format=${format}`, southKey);
    expect(createHash('sha256').update(file.bytes).digest('hex')).toBe(files[format].sha256);
    expect(file.headers.get('hutong-sha256')).toBe(files[format].sha256);
  }
  expect((await download(`/v1/business-days/${day}/files/south`, northKey)).status).toBe(404);
  const records = (await download(`/v1/business-days/${day}/files/south`, southKey)).bytes.toString();
  expect(records).not.toMatch(/ann|sue|line/);
});

test('a statement can be read by machines and by people', async () => {
  const path = `/v1/business-days/${day}/statements/north`;
  const json = JSON.parse((await download(path, northKey)).bytes.toString()) as {
    lines: object[];
  };
  expect(json).toMatchObject({
    number: `HT${day.replaceAll('-', '')}-north`,
    position: '-0.510000',
    closing: '-0.510000',
    period: { zone: 'Asia/Shanghai' },
    dueDate: daysAfter(day, 10),
  });
  expect(json.lines).toHaveLength(2);
  expect((await download(`${path}?format=csv`, northKey)).bytes.toString()).toContain('termination');
  const pdf = await download(`${path}?format=pdf`, northKey);
  expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect((await download(`${path}?format=pdf`, northKey)).bytes.equals(pdf.bytes)).toBe(true);
  expect((await download(path, southKey)).status).toBe(404);
});

test('everything can be made again, byte for byte', async () => {
  const verdict = await exchange.api('POST', `/v1/business-days/${day}/verify`);
  expect(verdict.body).toEqual({ date: day, identical: true, differences: [] });
});

test('the receiver confirms; the payer disputes one message, and gets the money back the day after', async () => {
  const confirmed = await exchange.api(
    'POST',
    `/v1/business-days/${day}/confirmations`,
    {},
    { key: southKey },
  );
  expect(confirmed.body).toMatchObject({ position: '0.45' });
  const [record] = (
    await exchange.sql.query<{ reference: string }>(
      "SELECT reference FROM detail_record WHERE outcome = 'delivered' LIMIT 1",
    )
  ).rows;
  const evidence = { text: 'sue never saw it', envelopeHash: '0'.repeat(64) };
  const claim = {
    reference: record?.reference,
    toNetwork: 'south',
    kind: 'not_delivered',
    amount: '0.05',
    evidence,
  };
  const opened = await exchange.api<{ id: string }>('POST', '/v1/disputes', claim, { key: northKey });
  expect(opened.status).toBe(201);
  const accepted = await exchange.api(
    'POST',
    `/v1/disputes/${opened.body.id}/accept`,
    { text: 'so it seems' },
    { key: southKey, ifMatch: opened.etag ?? '*' },
  );
  expect(accepted).toMatchObject({ status: 200 });
  const posted = await exchange.sql.query(
    'SELECT from_party, to_party, amount, business_date FROM adjustment',
  );
  expect(posted.rows).toEqual([
    { from_party: 'south', to_party: 'north', amount: '50000', business_date: null },
  ]);
});
