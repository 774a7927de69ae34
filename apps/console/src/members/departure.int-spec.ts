/** A network leaves: notice period, its text, withdrawal, and who is notified. The test moves the clock. */
import { Departures } from './departures.js';
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';

const DAY_MS = 24 * 3600_000;
const NETWORKS = ['xmpp', 'matrix', 'fetion', 'yixin'];
let now = new Date('2026-06-01T12:00:00Z');
let console: ConsoleFixture;
let departures: Departures;
/** `<address> <English text>` of every notice on the bus, by id, because rounds of the console can publish one again. */
const notices = new Map<string, string>();

beforeAll(async () => {
  console = await ConsoleFixture.of(NETWORKS, () => now);
  departures = console.app.get(Departures);
  console.hub.link.session?.nc.subscribe('hub.out.*.*', {
    callback: (_, message) => {
      const { id, data } = message.json<{ id: string; data: { to: string; text?: { en: string } } }>();
      notices.set(id, `${data.to} ${data.text?.en ?? ''}`);
    },
  });
  for (const network of NETWORKS)
    await console.sql(
      `INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, at)
       VALUES ($1, $1, 'accepted', $2, 'message', 'c', $3, 'im:bob@elsewhere', '00', $4)`,
      [`wrote-${network}`, network, `im:ann@${network}`, new Date(now.getTime() - DAY_MS)],
    );
});
afterAll(async () => {
  await console?.close();
}, 60_000);

const operatorOf = (network: string) => console.operators[network] ?? '';
const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS).toISOString();
const leave = (network: string, body: object, key = operatorOf(network)) =>
  console.call<{ status: string | number; detail: string }>(key, 'POST', `/v1/networks/${network}/leave`, {
    reason: 'contract ends',
    ...body,
  });
const step = (key: string, network: string, path: string) =>
  console.call<{ id: string; status: string | number; noticeState: string }>(
    key,
    'POST',
    `/v1/networks/${network}/${path}`,
    { reason: 'a test' },
  );
/** One round. When it returns, its notices are on the bus. */
async function look(): Promise<string[]> {
  await departures.round();
  await console.hub.link.session?.nc.flush();
  return [...notices.values()].filter((one) => one.includes('leaves') || one.includes('stays'));
}
const of = (network: string, all: string[]) => all.filter((one) => one.startsWith(`im:ann@${network} `));
const heard = async (network: string) => {
  const path = '/v1/announcements?unread=true&limit=200';
  const { body } = await console.call<{ items: { kind: string; words: string; subject: string }[] }>(
    operatorOf(network),
    'GET',
    path,
  );
  return body.items.filter(({ kind }) => kind === 'membership').map(({ words }) => words);
};

test('not before 30 days, and by its operator only', async () => {
  expect(await leave('xmpp', { at: inDays(29) })).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('at: must be at least 30 days away') as string },
  });
  expect((await leave('xmpp', { at: inDays(31) }, FIRST_ADMIN)).status).toBe(403);
  expect((await leave('xmpp', { at: inDays(31) }, operatorOf('matrix'))).status).toBe(404);
});

test('earlier where two admins and the network agree', async () => {
  const { body } = await console.call<{ id: string }>(
    FIRST_ADMIN,
    'POST',
    '/v1/networks/yixin/leave/propose',
    {
      at: inDays(2),
      reason: 'its servers stop',
    },
  );
  expect((await console.approve(body.id)).body).toMatchObject({ state: 'approved' });
  const confirm = `/v1/changes/${body.id}/confirm`;
  expect((await console.call(operatorOf('yixin'), 'POST', confirm, { reason: 'yes' })).body).toMatchObject({
    state: 'applied',
  });
  expect((await console.call(FIRST_ADMIN, 'GET', '/v1/networks/yixin/leave')).body).toMatchObject({
    at: inDays(2),
    noticeState: 'default',
  });
});

test('its own text is sent once, after an admin has approved it; the other members are notified at once', async () => {
  expect((await leave('xmpp', { at: inDays(31), notice: 'Farewell.' })).body).toMatchObject({
    status: 'leaving',
  });
  expect((await heard('matrix'))[0]).toContain('(xmpp) leaves the exchange at');
  // Sentinel of this round: yixin uses the default text, which needs no approval.
  expect(of('yixin', await look())).toHaveLength(1);
  expect(of('xmpp', await look())).toEqual([]);
  expect((await step(operatorOf('xmpp'), 'xmpp', 'leave/notice/approve')).status).toBe(403);
  expect((await step(SECOND_ADMIN, 'xmpp', 'leave/notice/approve')).body).toMatchObject({
    noticeState: 'approved',
  });
  expect(of('xmpp', await look())).toEqual([
    expect.stringMatching(/^im:ann@xmpp xmpp leaves .* Farewell\.$/),
  ]);
  await look();
  expect(of('xmpp', await look())).toHaveLength(1);
});

test('withdrawn by its operator only; people who were notified are notified again', async () => {
  for (const key of [FIRST_ADMIN, console.auditor])
    expect((await step(key, 'xmpp', 'stay')).status).toBe(403);
  expect((await step(operatorOf('matrix'), 'xmpp', 'stay')).status).toBe(404);
  expect((await step(operatorOf('xmpp'), 'xmpp', 'stay')).body).toMatchObject({ status: 'live' });
  expect((await heard('matrix'))[0]).toContain('(xmpp) has withdrawn its departure');
  await look();
  const [, again, ...more] = of('xmpp', await look());
  expect(again).toContain('stays in the exchange');
  expect(more).toEqual([]);
});

test('withdrawn before anybody was notified: nobody is notified', async () => {
  await leave('fetion', { at: inDays(40), notice: 'Bye.' });
  await step(operatorOf('fetion'), 'fetion', 'stay');
  await leave('xmpp', { at: inDays(40) });
  // Sentinel: xmpp announces its departure again, and its people are notified again.
  expect(of('xmpp', await look())).toHaveLength(3);
  expect(of('fetion', await look())).toEqual([]);
});

test('a text that is rejected, or that no admin decides about in three days, is not told: the date is', async () => {
  await leave('fetion', { at: inDays(40), notice: 'Our rivals are thieves.' });
  await step(FIRST_ADMIN, 'fetion', 'leave/notice/reject');
  await leave('matrix', { at: inDays(40), notice: 'Nobody reads this.' });
  expect(of('fetion', await look())).toEqual([expect.not.stringContaining('thieves')]);
  expect(of('matrix', await look())).toEqual([]);
  now = new Date(now.getTime() + 3 * DAY_MS);
  await look();
  expect(of('matrix', await look())).toEqual([expect.not.stringContaining('Nobody reads')]);
});

test('from its date on it is gone, and cannot come back', async () => {
  const status = async (network: string) =>
    (await console.call<{ status: string }>(FIRST_ADMIN, 'GET', `/v1/networks/${network}`)).body.status;
  // The date of yixin was two days after the start of the test; three days have passed.
  expect(await status('yixin')).toBe('gone');
  expect((await step(operatorOf('yixin'), 'yixin', 'stay')).status).toBeGreaterThanOrEqual(400);
  now = new Date(now.getTime() + 38 * DAY_MS);
  expect((await step(operatorOf('fetion'), 'fetion', 'stay')).status).toBe(409);
  await departures.round();
  expect(await status('fetion')).toBe('gone');
});
