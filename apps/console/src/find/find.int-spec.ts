/** Whatever somebody pastes is found, by indexes alone; nobody finds what belongs to another network. Real PostgreSQL and bus. */
import { nativeHash } from '#database';
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';

interface Hit {
  kind: string;
  id: string;
}
interface Found {
  id: string;
  from: string;
  code: string;
}

let house: ConsoleFixture;

const AL = 'im:al@xmpp';
const BO = 'im:bo@matrix';
const SUE = 'im:sue@south';
const MINUTES = (ago: number) => `2026-03-01T10:${String(59 - ago).padStart(2, '0')}:00.000Z`;

beforeAll(async () => {
  house = await ConsoleFixture.open();
  await message('eventFromAlToBo0000000001', AL, BO, MINUTES(30));
  await message('eventFromBoToAl0000000002', BO, AL, MINUTES(20));
  await message('eventFromBoToSue000000003', BO, SUE, MINUTES(10));
  await step('eventFromBoToSue000000003', 'failed', BO, SUE, MINUTES(9), '91');
  await house.sql('INSERT INTO native_ref (network, native_hash, event_id, at) VALUES ($1, $2, $3, now())', [
    'matrix',
    nativeHash('$native:matrix'),
    'eventFromBoToSue000000003',
  ]);
  await house.sql(
    'INSERT INTO link (number, since, preferred, findable, address) VALUES ($1, now(), true, true, $2)',
    ['8613800138000', AL],
  );
});
afterAll(() => house?.close(), 60_000);

const message = (id: string, from: string, to: string, at: string) =>
  step(id, 'accepted', from, to, at, '00');
const step = (id: string, stage: string, from: string, to: string, at: string, code: string) =>
  house.sql(
    `INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, at)
     VALUES ($1, $2, $3, $4, 'message', 'c', $5, $6, $7, $8)`,
    [`${id}:${stage}`, id, stage, from.split('@')[1], from, to, code, at],
  );

async function find(q: string, key = FIRST_ADMIN): Promise<string[]> {
  const answer = await house.call<{ items: Hit[] }>(key, 'GET', `/v1/find?q=${encodeURIComponent(q)}`);
  return answer.body.items.map(({ kind, id }) => `${kind} ${id}`);
}

async function search(query: string, key = FIRST_ADMIN): Promise<string[]> {
  const answer = await house.call<{ items: Found[] }>(key, 'GET', `/v1/messages?${query}`);
  return answer.body.items.map(({ id }) => id.slice(-1));
}

test.each([
  ['eventFromAlToBo0000000001', ['message eventFromAlToBo0000000001']],
  ['$native:matrix', ['message eventFromBoToSue000000003']],
  [AL, [`address ${AL}`, 'message eventFromBoToAl0000000002', 'message eventFromAlToBo0000000001']],
  ['+86 138-0013-8000', ['number +8613800138000', `address ${AL}`]],
  ['008613800138000', ['number +8613800138000', `address ${AL}`]],
  ['matrix', ['network matrix']],
  ['first-admin@settings.invalid', [expect.stringMatching(/^person /) as string]],
  ["'; DROP TABLE checkpoint; --", []],
  ['<script>', []],
  ['4711', []],
])('%s', async (text, hits) => {
  expect(await find(text)).toEqual(hits);
});

test('an operator finds what belongs to their network, and the rest like what does not exist', async () => {
  const { operator } = house.keys;
  expect(await find('eventFromAlToBo0000000001', operator)).toHaveLength(1);
  expect(await find(AL, operator)).toHaveLength(3);
  for (const theirs of [
    'eventFromBoToSue000000003',
    '$native:matrix',
    'matrix',
    'first-admin@settings.invalid',
  ])
    expect(await find(theirs, operator)).toEqual([]);
  expect(await find(BO, operator)).toEqual([
    `address ${BO}`,
    'message eventFromBoToAl0000000002',
    'message eventFromAlToBo0000000001',
  ]);
});

test.each([
  ['', '321'],
  [`address=${encodeURIComponent(AL)}`, '21'],
  ['network=south', '3'],
  ['failed=true', '3'],
  ['code=91', '3'],
  ['code=14', ''],
  [`since=${MINUTES(25)}&until=${MINUTES(15)}`, '2'],
  [`failed=true&since=${MINUTES(5)}`, ''],
])('messages by %s', async (query, found) => {
  expect((await search(query)).join('')).toBe(found);
});

test('messages of an operator, page by page', async () => {
  const { operator } = house.keys;
  expect(await search('', operator)).toEqual(['2', '1']);
  expect(await search('network=matrix', operator)).toEqual([]);
  type Page = { items: Found[]; next: string };
  const first = (await house.call<Page>(operator, 'GET', '/v1/messages?limit=1')).body;
  expect(first.items[0]?.id).toBe('eventFromBoToAl0000000002');
  expect(await search(`limit=1&cursor=${first.next}`, operator)).toEqual(['1']);
});

test('no look-up of a message reads the whole table', async () => {
  const plans = await Promise.all(
    [
      "SELECT 1 FROM checkpoint WHERE event_id = 'x'",
      "SELECT 1 FROM checkpoint WHERE stage = 'accepted' AND kind = 'message' AND md5(from_address) = md5('x') ORDER BY at DESC, id DESC LIMIT 5",
      "SELECT 1 FROM checkpoint WHERE stage = 'accepted' AND kind = 'message' AND md5(to_address) = md5('x') ORDER BY at DESC, id DESC LIMIT 5",
      "SELECT 1 FROM checkpoint WHERE stage = 'accepted' AND kind = 'message' ORDER BY at DESC, id DESC LIMIT 5",
      "SELECT 1 FROM checkpoint WHERE stage = 'failed' AND at > now() ORDER BY at DESC, id DESC LIMIT 5",
      "SELECT 1 FROM native_ref WHERE network IN (SELECT slug FROM network) AND native_hash = 'x'",
    ].map(async (sql) => {
      const rows = await house.database.transaction(async (manager) => {
        // The table is small: without this, PostgreSQL would rather read all of it.
        await manager.query('SET LOCAL enable_seqscan = off');
        return manager.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${sql}`);
      });
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    }),
  );
  for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on (checkpoint|native_ref)|Sort/);
});
