/** Lifecycle of a key: issued with a reason, used, expired, revoked with derived keys; and keys of the settings. */
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { quiet } from '../../../../test/support/hub-fixture.js';
import { AuditService } from '../audit/audit.service.js';
import { Denials, MOST_DENIALS } from './denials.js';
import { addressGroup } from './sign-ins.js';

let house: ConsoleFixture;
let call: ConsoleFixture['call'];
const reason = 'a test';

beforeAll(async () => {
  house = await ConsoleFixture.open();
  ({ call } = house);
});
afterAll(() => house?.close(), 60_000);

interface Issued {
  id: string;
  key: string;
  expiresAt: string;
  reason: string;
}

async function issued(by: string, more: object = {}): Promise<Issued> {
  const answer = await call<Issued>(by, 'POST', '/v1/keys', { name: 'a key', reason, ...more });
  expect(answer.status).toBe(201);
  return answer.body;
}
const status = async (key: string) => (await call(key, 'GET', '/v1/me')).status;
const audited = (subject: string) =>
  house.sql<{ action: string; reason: string; change: Record<string, unknown> }>(
    'SELECT action, reason, change FROM audit WHERE subject = $1 ORDER BY seq',
    [subject],
  );

test('a key expires after 90 days, or as it was asked for, and says so', async () => {
  const days = (key: Issued) => (new Date(key.expiresAt).getTime() - Date.now()) / (24 * 3600_000);
  expect(days(await issued(FIRST_ADMIN))).toBeCloseTo(90, 1);
  const short = await issued(FIRST_ADMIN, { days: 1 });
  await house.sql(`UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = $1`, [short.id]);
  const refused = await call<{ detail: string }>(short.key, 'GET', '/v1/me');
  expect(refused).toMatchObject({
    status: 401,
    body: { detail: expect.stringContaining('expired at') as string },
  });
  expect(await audited(`key/${short.id}`)).toContainEqual(
    expect.objectContaining({ action: 'request.denied', reason: 'expired-key' }) as object,
  );
});

test('a revocation takes all that was made with the key, and names its reason', async () => {
  const child = await issued(FIRST_ADMIN);
  const grandchild = await issued(child.key);
  const apart = await issued(FIRST_ADMIN);
  const gone = await call(FIRST_ADMIN, 'DELETE', `/v1/keys/${child.id}`, {
    reason: 'it was seen on a screen',
  });
  expect(gone.status).toBe(204);
  expect(await Promise.all([child, grandchild, apart].map(({ key }) => status(key)))).toEqual([
    401, 401, 200,
  ]);
  expect(await audited(`key/${grandchild.id}`)).toMatchObject([
    { action: 'key.issued', reason },
    { action: 'key.revoked', reason: 'it was seen on a screen', change: { derivedFrom: child.id } },
  ]);
});

test('what a second person approved is not derived from one person’s key', async () => {
  const child = await issued(SECOND_ADMIN);
  const colleague = await house.key('somebody of matrix', 'operator', 'matrix');
  expect((await call(SECOND_ADMIN, 'DELETE', `/v1/keys/${child.id}`, { reason })).status).toBe(204);
  expect(await status(colleague)).toBe(200);
});

test('the use of a key is written down once an hour and address, and its last use with it', async () => {
  const key = await issued(FIRST_ADMIN);
  for (let n = 0; n < 5; n++) expect(await status(key.key)).toBe(200);
  expect((await audited(`key/${key.id}`)).filter(({ action }) => action === 'key.used')).toMatchObject([
    { change: { address: '127.0.0.1' } },
  ]);
  const [row] = await house.sql<{ last_used_at: Date | null }>(
    'SELECT last_used_at FROM api_key WHERE id = $1',
    [key.id],
  );
  expect(row?.last_used_at).toBeInstanceOf(Date);
});

test('all of an IPv6 /64 is one address', () => {
  const addresses = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:2:3:4:5:6'];
  expect(new Set(addresses.map(addressGroup))).toEqual(new Set(['2001:db8:1:2::/64']));
  expect(['::ffff:10.0.0.1', '10.0.0.1', '::1'].map(addressGroup)).toEqual([
    '10.0.0.1',
    '10.0.0.1',
    '0:0:0:0::/64',
  ]);
});

test('missing permissions are written down, many of a minute as one', async () => {
  const key = await house.key('a curious reader', 'auditor');
  for (let n = 0; n < 20; n++)
    expect((await call(key, 'POST', '/v1/networks/xmpp/suspend', { reason })).status).toBe(403);
  const [{ count } = { count: 0 }] = await house.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM audit WHERE action = 'request.denied' AND reason = 'missing-permission'
       AND actor LIKE '%a curious reader%'`,
  );
  // A minute can end between the requests.
  expect([1, 2, 3]).toContain(count);
});

test('wrong keys from many addresses cannot fill the audit log: what exceeds a minute’s entries is one more', async () => {
  let time = Date.UTC(2026, 0, 1);
  const denials = new Denials(house.database, new AuditService(house.database), () => new Date(time));
  const many = 3 * MOST_DENIALS;
  const before = await count();
  for (let n = 0; n < many; n++)
    await denials.note({
      kind: 'wrong-key',
      by: undefined,
      fingerprint: `f${n}`,
      ip: `10.0.0.${n}`,
      detail: '',
    });
  expect((await count()) - before).toBe(MOST_DENIALS);
  time += 60_000;
  await denials.endMinute();
  expect((await count()) - before).toBe(MOST_DENIALS + 1);
  expect((await audited('request/others')).at(-1)).toMatchObject({ change: { times: many - MOST_DENIALS } });

  async function count(): Promise<number> {
    const rows = await house.sql(`SELECT 1 FROM audit WHERE action = 'request.denied'`);
    return rows.length;
  }
});

test('an operator sees the keys of the own network alone', async () => {
  const { body } = await call<{ items: { network: string | null }[] }>(
    house.keys.operator,
    'GET',
    '/v1/keys',
  );
  expect(new Set(body.items.map(({ network }) => network))).toEqual(new Set(['xmpp']));
});

test('a key that only reads makes none that does more', async () => {
  const reader = await issued(FIRST_ADMIN, { role: 'auditor' });
  const answer = await call(reader.key, 'POST', '/v1/keys', { name: 'more', role: 'admin', reason });
  expect(answer.status).toBe(403);
});

test('a key of the settings that was revoked stays revoked after a restart, and the log says so', async () => {
  const { body } = await call<{ key: { id: string } }>(SECOND_ADMIN, 'GET', '/v1/me');
  expect((await call(SECOND_ADMIN, 'DELETE', `/v1/keys/${body.key.id}`, { reason })).status).toBe(204);
  const warnings: string[] = [];
  const log = Object.assign(Object.create(quiet) as typeof quiet, {
    warn: (_: object, words: string) => void warnings.push(words),
  });
  await house.restart(log);
  expect(await status(SECOND_ADMIN)).toBe(401);
  expect(await status(FIRST_ADMIN)).toBe(200);
  expect(warnings).toContainEqual(
    expect.stringMatching(/second admin in the settings is ignored because it was revoked/),
  );
});
