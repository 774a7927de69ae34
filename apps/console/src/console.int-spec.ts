/** Every route of the console with every role, from one table. Real PostgreSQL and bus. */
import { ConsoleFixture, FIRST_ADMIN } from '../../../test/support/console-fixture.js';
import { until } from '../../../test/support/hub-fixture.js';
import { NOBODYS, REASON, STATUS_BY_ROLE } from './testing/status-by-role.js';

let console: ConsoleFixture;
let keys: ConsoleFixture['keys'];
let call: ConsoleFixture['call'];

beforeAll(async () => {
  console = await ConsoleFixture.open(undefined, { TRUSTED_PROXIES: '127.0.0.1' });
  ({ keys, call } = console);
});

afterAll(() => console?.close(), 60_000);

async function documentedPaths() {
  type Operation = { parameters?: { name: string }[]; security: object[] };
  type Api = { paths: Record<string, Record<string, Operation>> };
  return (await call<Api>(undefined, 'GET', '/docs/openapi.json')).body.paths;
}

describe('permissions', () => {
  // Least powerful role first, so that resources that an admin creates do not exist before.
  test.each(STATUS_BY_ROLE)('%s %s', async (method, path, body, admin, operator, auditor) => {
    expect((await call(undefined, method, path, body)).status).toBe(401);
    const elsewhere = {
      'x-forwarded-for': `192.0.2.${STATUS_BY_ROLE.findIndex((row) => row[0] === method && row[1] === path)}`,
    };
    expect((await call('hk_wrong', method, path, body, elsewhere)).status).toBe(401);
    expect((await call(keys.auditor, method, path, body)).status).toBe(auditor);
    expect((await call(keys.operator, method, path, body)).status).toBe(operator);
    expect((await call(keys.admin, method, path, body)).status).toBe(admin);
  });

  test('the table names every route of the API', async () => {
    const documented = Object.entries(await documentedPaths())
      .filter(([path]) => path.startsWith('/v1'))
      .flatMap(([path, methods]) =>
        Object.entries(methods)
          .filter(([, { security }]) => security.length > 0)
          .map(([method]) => `${method.toUpperCase()} ${path}`),
      );
    const isOf = (row: string, route: string) =>
      new RegExp(`^${route.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(row);
    const parameters = (route: string) => route.split('{').length;
    // A row belongs to the matching route with the fewest parameters.
    const tested = new Set(
      STATUS_BY_ROLE.map(([method, path]) => `${method} ${path.split('?')[0]}`).map(
        (row) =>
          documented
            .filter((route) => isOf(row, route))
            .sort((one, other) => parameters(one) - parameters(other))[0],
      ),
    );
    expect(tested).not.toContain(undefined);
    expect(documented.filter((route) => !tested.has(route))).toEqual([]);
  });

  test('a cursor that no list gave is refused by every list', async () => {
    const paged = Object.entries(await documentedPaths()).flatMap(([path, { get }]) =>
      get?.parameters?.some(({ name }) => name === 'cursor') ? [path] : [],
    );
    expect(paged.length).toBeGreaterThan(10);
    const rows = [
      '[]',
      '{}',
      '["\\u0000"]',
      '["\\ud800"]',
      '[0.5]',
      '["0000-01-01T00:00:00Z",1]',
      '[1,2,3,4,5,6]',
    ];
    const forged = ['x', ...rows.map((row) => Buffer.from(row).toString('base64url'))];
    for (const path of paged)
      for (const cursor of forged) {
        const [given, owned] = [path.replace('{date}', '2026-03-01'), path.includes('reconciliations')];
        const of = given.replace(/\{\w+\}/, owned ? NOBODYS : 'xmpp');
        // What a member compared is for its operators alone.
        const key = owned ? keys.operator : FIRST_ADMIN;
        const { status } = await call(key, 'GET', `${of}?cursor=${cursor}`);
        expect({ of, cursor, status }).toEqual({ of, cursor, status: 400 });
      }
  });

  test('an operator sees only its own network in a list', async () => {
    expect(
      (await call<{ items: { network: string }[] }>(keys.operator, 'GET', '/v1/networks')).body.items.map(
        ({ network }) => network,
      ),
    ).toEqual(['xmpp']);
  });
});

describe('keys', () => {
  test('are shown once and kept as hashes', async () => {
    const listed = await call(FIRST_ADMIN, 'GET', '/v1/keys');
    expect(JSON.stringify(listed.body)).not.toContain(keys.operator);
    const rows = await console.sql<{ hash: string }>('SELECT * FROM api_key');
    expect(JSON.stringify(rows)).not.toContain(keys.operator);
    expect(rows.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  });

  test('a revoked one opens nothing', async () => {
    const { body } = await call<{ id: string; key: string }>(FIRST_ADMIN, 'POST', '/v1/keys', {
      ...REASON,
      name: 'short-lived',
      role: 'auditor',
    });
    expect((await call(body.key, 'GET', '/v1/networks')).status).toBe(200);
    expect((await call(FIRST_ADMIN, 'DELETE', `/v1/keys/${body.id}`, REASON)).status).toBe(204);
    expect((await call(body.key, 'GET', '/v1/networks')).status).toBe(401);
  });

  test.each([
    [{ ...REASON, name: 'x', role: 'operator' }, 'role'],
    [{ ...REASON, name: 'x', days: 366 }, 'days'],
    [{ ...REASON, name: 'x', sha256: 'hk_the key itself' }, 'sha256'],
    [{ ...REASON, name: '', role: 'admin' }, 'name'],
    [{ ...REASON, name: 'x', role: 'king' }, 'role'],
    [{ name: 'x', role: 'admin' }, 'reason'],
  ])('%j is refused, and the field is named', async (body, field) => {
    const answer = await call<{ detail: string }>(FIRST_ADMIN, 'POST', '/v1/keys', body);
    expect(answer).toMatchObject({
      status: 400,
      type: expect.stringContaining('application/problem+json') as string,
      body: { type: 'urn:hutong:problem:invalid' },
    });
    expect(answer.body.detail).toContain(field);
  });
});

describe('networks', () => {
  test('one that is registered twice is a duplicate', async () => {
    expect(
      (await call(FIRST_ADMIN, 'POST', '/v1/networks', { network: 'xmpp', name: 'again' })).body,
    ).toMatchObject({ type: 'urn:hutong:problem:conflict' });
  });
});

describe('health', () => {
  test('live, ready and documentation are open, and metrics are not there', async () => {
    expect((await call(undefined, 'GET', '/healthz/live')).body).toEqual({ status: 'live' });
    expect((await call(undefined, 'GET', '/healthz/ready')).body).toEqual({
      status: 'ready',
      checks: { bus: true, database: true, topology: true },
    });
    // They have a port of their own.
    expect((await call(undefined, 'GET', '/metrics')).status).toBe(404);
    expect((await call(undefined, 'GET', '/docs')).status).toBe(200);
  });

  test('a killed database is reported, calls fail with a code, and succeed when it is back', async () => {
    await console.postgres.crash();
    await until('not ready', async () => (await call(undefined, 'GET', '/healthz/ready')).status === 503);
    expect((await call(FIRST_ADMIN, 'GET', '/v1/networks')).body).toMatchObject({
      status: 500,
      type: 'urn:hutong:problem:internal',
    });
    await console.postgres.start();
    await until('ready again', async () => (await call(undefined, 'GET', '/healthz/ready')).status === 200);
    expect((await call(FIRST_ADMIN, 'GET', '/v1/networks')).status).toBe(200);
  });
});
