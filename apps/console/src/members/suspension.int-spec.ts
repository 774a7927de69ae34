/** One admin suspends a network in an emergency; without a second admin it ends after 24 hours. */
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { MembersService, type Move } from './members.service.js';
import { SuspensionsService } from './suspensions.service.js';

const HOUR_MS = 3600_000;
let now = new Date('2026-06-01T12:00:00Z');
let console: ConsoleFixture;
const moves: Move[] = [];

beforeAll(async () => {
  console = await ConsoleFixture.of(['xmpp', 'matrix', 'fetion', 'yixin', 'wechat'], () => now);
  console.app.get(MembersService).onMove((move) => void moves.push(move));
});
afterAll(() => console?.close(), 60_000);

const step = (key: string, network: string, action: string, reason = 'a test') =>
  console.call<{ id: string; status: number | string }>(key, 'POST', `/v1/networks/${network}/${action}`, {
    reason,
  });
const statusOf = async (network: string) =>
  (await console.call<{ status: string }>(FIRST_ADMIN, 'GET', `/v1/networks/${network}`)).body.status;
const later = (hours: number) => void (now = new Date(now.getTime() + hours * HOUR_MS));
const lift = () => console.app.get(SuspensionsService).liftOne();
const told = async (network: string) => {
  const path = '/v1/announcements?unread=true&limit=200';
  const { body } = await console.call<{ items: { kind: string; words: string }[] }>(
    console.operators[network] ?? '',
    'GET',
    path,
  );
  return body.items.filter(({ kind }) => kind === 'membership').map(({ words }) => words);
};

test('takes effect at once, is announced with its reason, and ends after 24 hours', async () => {
  expect((await step(FIRST_ADMIN, 'xmpp', 'suspend', 'it floods others')).body).toMatchObject({
    status: 'suspended',
  });
  expect(moves.at(-1)).toEqual({ network: 'xmpp', action: 'suspend' });
  expect(await told('xmpp')).toEqual(
    expect.arrayContaining([
      'suspend: xmpp is now suspended: it floods others.',
      expect.stringContaining('unless a second admin confirms it'),
    ]),
  );
  later(23);
  expect(await lift()).toBe(false);
  expect(await statusOf('xmpp')).toBe('suspended');
  later(1);
  expect(await lift()).toBe(true);
  expect(await statusOf('xmpp')).toBe('live');
  expect(moves.at(-1)).toEqual({ network: 'xmpp', action: 'enable' });
  expect((await told('xmpp'))[0]).toContain('no second admin confirmed the emergency suspension');
  const [last] = await console.sql<{ actor: string; action: string }>(
    "SELECT actor, action FROM audit WHERE subject = 'network/xmpp' ORDER BY seq DESC LIMIT 1",
  );
  expect(last).toEqual({ actor: 'hub', action: 'network.enable' });
});

test('is not repeated by the same admin, however often it ended; another admin may', async () => {
  expect((await step(FIRST_ADMIN, 'xmpp', 'suspend')).status).toBe(403);
  expect((await step(SECOND_ADMIN, 'xmpp', 'suspend')).status).toBe(200);
  expect((await step(SECOND_ADMIN, 'xmpp', 'enable')).status).toBe(200);
  expect((await step(SECOND_ADMIN, 'xmpp', 'suspend')).status).toBe(403);
  later(31 * 24);
  expect((await step(FIRST_ADMIN, 'xmpp', 'suspend')).status).toBe(200);
});

test('confirmed by a second admin only, it does not end automatically', async () => {
  await step(FIRST_ADMIN, 'matrix', 'suspend');
  expect((await step(FIRST_ADMIN, 'matrix', 'suspend/confirm')).status).toBe(403);
  expect((await step(console.operators['matrix'] ?? '', 'matrix', 'suspend/confirm')).status).toBe(403);
  expect((await step(SECOND_ADMIN, 'matrix', 'suspend/confirm', 'so it is')).status).toBe(200);
  expect((await told('matrix'))[0]).toContain('lasts until further notice: so it is.');
  later(25);
  while (await lift());
  expect(await statusOf('matrix')).toBe('suspended');
  expect((await step(SECOND_ADMIN, 'matrix', 'suspend/confirm')).status).toBe(409);
});

test('two admins must enable a network that two admins suspended', async () => {
  expect((await step(FIRST_ADMIN, 'matrix', 'enable')).status).toBe(403);
  const proposed = await step(FIRST_ADMIN, 'matrix', 'enable/propose');
  expect(proposed.status).toBe(202);
  expect(await statusOf('matrix')).toBe('suspended');
  expect((await console.approve(proposed.body.id)).body).toMatchObject({ state: 'applied' });
  expect(await statusOf('matrix')).toBe('live');
});

test('a planned suspension by two admins does not expire; approving one confirms an emergency', async () => {
  const planned = await step(FIRST_ADMIN, 'fetion', 'suspend/propose');
  expect(await statusOf('fetion')).toBe('live');
  await console.approve(planned.body.id);
  await step(FIRST_ADMIN, 'yixin', 'suspend');
  const confirming = await step(FIRST_ADMIN, 'yixin', 'suspend/propose');
  await console.approve(confirming.body.id);
  later(25);
  while (await lift());
  expect([await statusOf('fetion'), await statusOf('yixin')]).toEqual(['suspended', 'suspended']);
});

test('nobody can remove a network alone; the network and the others are notified', async () => {
  const proposed = await step(FIRST_ADMIN, 'fetion', 'remove', 'it left without a word');
  expect(proposed.status).toBe(202);
  const alone = await console.call(FIRST_ADMIN, 'POST', `/v1/changes/${proposed.body.id}/approve`, {
    reason: 'me too',
  });
  expect(alone.status).toBe(403);
  expect(await statusOf('fetion')).toBe('suspended');
  await console.approve(proposed.body.id);
  expect(await statusOf('fetion')).toBe('gone');
  expect(moves.at(-1)).toEqual({ network: 'fetion', action: 'remove' });
  expect((await told('matrix'))[0]).toContain('(fetion) is no longer a member');
});

test('a suspension does not cancel a departure', async () => {
  const at = new Date(now.getTime() + 40 * 24 * HOUR_MS).toISOString();
  const leave = { at, reason: 'contract ends' };
  expect(
    (await console.call(console.operators['wechat'], 'POST', '/v1/networks/wechat/leave', leave)).status,
  ).toBe(200);
  await step(FIRST_ADMIN, 'wechat', 'suspend');
  later(24);
  while (await lift());
  expect(await statusOf('wechat')).toBe('leaving');
});
