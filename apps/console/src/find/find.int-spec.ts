/** Whatever somebody pastes is found; nobody finds what belongs to another network. Real PostgreSQL and bus. */
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

describe('the page of a message', () => {
  interface Trace {
    sentAt: string | null;
    previous: string | null;
    next: string | null;
    price: {
      businessDay: string | null;
      units: number;
      amount: string | null;
      switchFee: string | null;
    } | null;
  }
  const SECOND = 'eventFromBoToAl0000000002';
  const trace = async (id: string, key = FIRST_ADMIN) =>
    (await house.call<Trace>(key, 'GET', `/v1/messages/${id}/trace`)).body;

  test('names the messages before and after it in the conversation; an operator gets those of their network', async () => {
    expect(await trace(SECOND)).toMatchObject({
      previous: 'eventFromAlToBo0000000001',
      next: 'eventFromBoToSue000000003',
    });
    expect(await trace(SECOND, house.keys.operator)).toMatchObject({
      previous: 'eventFromAlToBo0000000001',
      next: null,
    });
    expect(await trace('eventFromAlToBo0000000001')).toMatchObject({ previous: null, next: SECOND });
  });

  test('has the time at which it was sent, where that was recorded', async () => {
    expect((await trace(SECOND)).sentAt).toBeNull();
    await house.sql("UPDATE checkpoint SET sent_at = $2 WHERE event_id = $1 AND stage = 'accepted'", [
      SECOND,
      MINUTES(21),
    ]);
    expect((await trace(SECOND)).sentAt).toBe(MINUTES(21));
  });

  test('has a price when it has ended, and the amounts when its business day is closed', async () => {
    expect((await trace(SECOND)).price).toBeNull();
    await house.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, class, units, from_party, to_party, business_date)
       VALUES ($1, 'matrix', 'xmpp', 'message', 2, 'a', 'b', '2026-03-01')`,
      [SECOND],
    );
    const open = { businessDay: '2026-03-01', class: 'message', units: 2, amount: null, switchFee: null };
    expect((await trace(SECOND)).price).toEqual({ ...open, tariff: null });
    await house.sql(
      "INSERT INTO rated_record (business_date, reference, to_network, price, switch_fee) VALUES ('2026-03-01', $1, 'xmpp', 100000, 2500)",
      [SECOND],
    );
    const closed = { ...open, amount: '0.1', switchFee: '0.0025', tariff: null };
    for (const key of [FIRST_ADMIN, house.keys.operator])
      expect((await trace(SECOND, key)).price).toEqual(closed);
  });

  test('has no price for the network of the recipient, if the switch ended the message', async () => {
    const toXmpp = 'eventFromSueToAl000000004';
    await message(toXmpp, SUE, AL, MINUTES(5));
    await house.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, units, from_party, to_party, at_switch)
       VALUES ($1, 'south', 'xmpp', 1, 'a', 'b', true)`,
      [toXmpp],
    );
    expect((await trace(toXmpp)).price).toMatchObject({ units: 1 });
    expect((await trace(toXmpp, house.keys.operator)).price).toBeNull();
  });
});
