/** The overview says how much crosses and what is wrong; an operator sees their own network. Real PostgreSQL and bus. */
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import type { OverviewView } from './overview.dto.js';

const NOW = new Date('2026-03-01T10:00:30.000Z');
let house: ConsoleFixture;

beforeAll(async () => {
  house = await ConsoleFixture.open(() => NOW);
  await crossed('one', 'im:al@xmpp', 'im:bo@matrix', { secondsAgo: 20, delivered: 40 });
  await crossed('two', 'im:al@xmpp', 'im:bo@matrix', { secondsAgo: 30, delivered: 60 });
  await crossed('three', 'im:bo@matrix', 'im:sue@south', { secondsAgo: 10, delivered: 900 });
  await crossed('under way', 'im:al@xmpp', 'im:bo@matrix', { secondsAgo: 5 });
  await crossed('refused', 'im:al@xmpp', 'im:bo@matrix', { secondsAgo: 8 });
  await step('refused', 'failed', 'im:al@xmpp', 'im:bo@matrix', { at: 7, code: '91' });
  // The destination has no contact requests: no failure.
  await step('befriended', 'failed', 'im:al@xmpp', 'im:bo@matrix', { at: 6, code: '12', kind: 'contact' });
  await crossed('kept', 'im:al@xmpp', 'im:bo@matrix', { secondsAgo: 200 });
  await step('kept', 'stored', 'im:al@xmpp', 'im:bo@matrix', { at: 199, code: '08' });
  await house.sql(
    `INSERT INTO delivered_tally (network, towards, hour, delivered) VALUES ('xmpp', 'matrix', '2026-03-01T08:00:00Z', 500)`,
  );
  await house.sql(`UPDATE network SET status = 'live' WHERE slug IN ('xmpp', 'matrix')`);
  await house.hub.link.session?.nc.request('hub.dead.matrix', 'no letter at all');
  await house.sql(
    `INSERT INTO business_day (date, state) VALUES ('2026-02-20', 'open'), ('2026-02-28', 'open')`,
  );
});
afterAll(() => house?.close(), 60_000);

async function crossed(
  id: string,
  from: string,
  to: string,
  { secondsAgo, delivered }: { secondsAgo: number; delivered?: number },
): Promise<void> {
  await step(id, 'accepted', from, to, { at: secondsAgo, code: '00' });
  if (delivered !== undefined)
    await step(id, 'delivered', from, to, { at: secondsAgo - delivered / 1000, code: '00' });
}

/** @param at seconds ago */
function step(
  id: string,
  stage: string,
  from: string,
  to: string,
  { at, code, kind = 'message' }: { at: number; code: string; kind?: string },
) {
  return house.sql(
    `INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, at)
     VALUES ($1, $2, $3, 'x', $8, 'c', $4, $5, $6, $7)`,
    [`${id}:${stage}`, id, stage, from, to, code, new Date(NOW.getTime() - at * 1000), kind],
  );
}

const overview = async (range: string, key = FIRST_ADMIN) =>
  (await house.call<OverviewView>(key, 'GET', `/v1/overview?range=${range}`)).body;

test('live: figures, times and failures', async () => {
  const { series, ...figures } = await overview('live');
  expect(figures).toMatchObject({
    at: NOW.toISOString(),
    perSecond: 0.08,
    inFlight: 1,
    waiting: 1,
    failed: 1,
    networks: 2,
    unavailable: 2,
    deadLetters: 1,
    failedByCode: [{ code: '91', messages: 1 }],
    p50Ms: 60,
    p99Ms: 900,
    businessDay: { date: '2026-02-28', state: 'open' },
  });
  expect(series).toHaveLength(31);
  expect(series.reduce((sum, { messages }) => sum + messages, 0)).toBe(6);
  expect(series.find(({ failed }) => failed > 0)).toEqual({
    at: '2026-03-01T10:00:20.000Z',
    messages: 3,
    failed: 1,
  });
});

test.each([
  ['day', 24],
  ['week', 28],
])('the %s comes from the hourly tally, in a bounded number of points', async (range, points) => {
  const { series } = await overview(range);
  expect(series).toHaveLength(points);
  expect(series.reduce((sum, { messages }) => sum + messages, 0)).toBe(500);
});

test('what stops traffic or money comes first, each with what to do', async () => {
  const { problems } = await overview('hour');
  expect(problems.map(({ kind, severity, subject }) => [kind, severity, subject])).toEqual([
    ['network-unavailable', 'critical', 'matrix'],
    ['network-unavailable', 'critical', 'xmpp'],
    ['day-not-closed', 'critical', '2026-02-20'],
    ['dead-letters', 'warning', 'matrix'],
  ]);
  for (const { todo } of problems) expect(todo).not.toBe('');
});

test('an operator sees the messages and the problems of their network', async () => {
  const { problems, p99Ms, perSecond, deadLetters, networks } = await overview('live', house.keys.operator);
  expect(problems.map(({ subject }) => subject)).toEqual(['xmpp']);
  expect({ p99Ms, perSecond, deadLetters, networks }).toEqual({
    p99Ms: 60,
    perSecond: 0.07,
    deadLetters: 0,
    networks: 1,
  });
});

test('an unknown range is refused', async () => {
  expect((await house.call(FIRST_ADMIN, 'GET', '/v1/overview?range=year')).status).toBe(400);
});
