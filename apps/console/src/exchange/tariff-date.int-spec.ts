/** Dates of tariffs, and bounds of stand-in settings. */
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';

let console: ConsoleFixture;
let now = new Date('2026-03-01T12:00:00Z');

beforeAll(async () => {
  console = await ConsoleFixture.open(() => now);
  await console.acceptAll(console.keys.operator);
  await console.acceptAll(await console.key('matrix people', 'operator', 'matrix'));
});

afterAll(() => console?.close(), 60_000);

const tariffFrom = (validFrom: string) =>
  console.call<{ id: string; detail: string; errors: { field: string }[] }>(
    FIRST_ADMIN,
    'POST',
    '/v1/tariffs',
    {
      terms: {
        from: 'xmpp',
        to: 'matrix',
        class: 'message',
        validFrom,
        terminationFee: '0.03',
        switchFee: '0',
      },
      reason: 'a test',
    },
  );
const tariffs = async () =>
  (await console.call<{ items: unknown[] }>(FIRST_ADMIN, 'GET', '/v1/tariffs')).body.items;

test.each(['2026-03-01T11:59:59Z', '2026-03-01T12:59:59+01:00', '2025-01-01T00:00:00Z'])(
  'a tariff from %s, which is past, is not proposed',
  async (validFrom) => {
    expect(await tariffFrom(validFrom)).toMatchObject({
      status: 400,
      body: { type: 'urn:hutong:problem:invalid', errors: [{ field: 'terms.validFrom' }] },
    });
  },
);

test('a tariff whose time came before it was approved is not approved', async () => {
  const proposed = await tariffFrom('2026-03-01T12:00:05Z');
  expect(proposed.status).toBe(202);
  now = new Date('2026-03-01T12:00:06Z');
  expect((await console.approve(proposed.body.id)).status).toBe(400);
  expect(await tariffs()).toEqual([]);
});

test('a tariff that was approved before its time is in the book', async () => {
  const proposed = await tariffFrom('2026-03-02T00:00:00Z');
  expect(await console.approve(proposed.body.id)).toMatchObject({ status: 200, body: { state: 'applied' } });
  expect(await tariffs()).toHaveLength(1);
});

test.each([
  [{ hours: 49, messages: 10 }, 'hours'],
  [{ hours: -1, messages: 10 }, 'hours'],
  [{ hours: 1, messages: 1_000_001 }, 'messages'],
  [{ hours: 1, messages: Number.MAX_SAFE_INTEGER + 1 }, 'messages'],
  [{ hours: 1, messages: 1, classes: Array.from({ length: 7 }, () => 'message') }, 'classes'],
])('a stand-in of %j is refused, and the field is named', async (body, field) => {
  const answer = await console.call<{ errors: { field: string }[] }>(
    FIRST_ADMIN,
    'PUT',
    '/v1/networks/xmpp/stand-in',
    body,
    {
      'if-match': '*',
    },
  );
  expect(answer).toMatchObject({ status: 400, body: { type: 'urn:hutong:problem:invalid' } });
  expect(answer.body.errors.map((error) => error.field)).toContain(field);
});
