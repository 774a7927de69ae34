/** The console on a real PostgreSQL and a real bus: every route, every role, from one table. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres, freePort, postgres, postgresUrl, required, type Child } from '#engines';
import { HubFixture, quiet, until } from '../../../test/support/hub-fixture.js';
import { startConsole, type ConsoleApp } from './console.app.js';
import { consoleSettings } from './console.config.js';
import { openDatabase } from '#database';
import type { Role } from '#database';

const ADMIN_KEY = 'hk_an-admin-key-for-this-test';
let folder: string;
let hub: HubFixture;
let database: Child;
let url: string;
let app: ConsoleApp;
const keys = {} as Record<Role, string>;

async function call<T = Record<string, unknown>>(
  key: string | undefined,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; type: string; body: T }> {
  const headers = {
    ...(key ? { authorization: `Bearer ${key}` } : {}),
    ...(body ? { 'content-type': 'application/json' } : {}),
  };
  const response = await fetch(app.url + path, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as T,
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-console-'));
  hub = await HubFixture.open();
  const port = await freePort();
  database = postgres({
    bin: required(
      'PostgreSQL',
      findPostgres(() => undefined),
    ).paths.bin,
    folder: join(folder, 'pg'),
    port,
    volatile: true,
  });
  await database.start();
  url = postgresUrl(port, 'hutong');
  const authority = join(folder, 'authority.json');
  writeFileSync(authority, JSON.stringify(hub.authority.seeds));
  const creds = hub.credentials('console', await hub.authority.hubCredentials('console'));
  const settings = consoleSettings.parse({
    HTTP_PORT: 0,
    NATS_URL: hub.natsUrl,
    NATS_CREDS: creds,
    BUS_AUTHORITY: authority,
    DATABASE_URL: url,
    ADMIN_KEY,
  });
  app = await startConsole(settings, quiet);
  keys.admin = ADMIN_KEY;
  await call(ADMIN_KEY, 'POST', '/v1/networks', { network: 'xmpp', name: 'XMPP' });
  await call(ADMIN_KEY, 'POST', '/v1/networks', { network: 'matrix', name: 'Matrix' });
  keys.operator = (
    await call<{ key: string }>(ADMIN_KEY, 'POST', '/v1/keys', {
      name: 'xmpp people',
      role: 'operator',
      network: 'xmpp',
    })
  ).body.key;
  keys.auditor = (
    await call<{ key: string }>(ADMIN_KEY, 'POST', '/v1/keys', { name: 'auditor', role: 'auditor' })
  ).body.key;
}, 120_000);

afterAll(async () => {
  await app?.close();
  await hub?.close();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** What each role gets from each route: own network, another's, and what is nobody's. */
const TABLE: [
  method: string,
  path: string,
  body: object | undefined,
  admin: number,
  operator: number,
  auditor: number,
][] = [
  ['GET', '/v1/networks', undefined, 200, 200, 200],
  ['GET', '/v1/networks/xmpp', undefined, 200, 200, 200],
  ['GET', '/v1/networks/matrix', undefined, 200, 404, 200],
  ['POST', '/v1/networks', { network: 'fetion', name: 'Fetion' }, 201, 403, 403],
  ['POST', '/v1/networks/xmpp/credentials', undefined, 201, 201, 403],
  ['POST', '/v1/networks/matrix/credentials', undefined, 201, 404, 403],
  ['POST', '/v1/networks/xmpp/enable', undefined, 200, 403, 403],
  ['POST', '/v1/networks/xmpp/suspend', undefined, 200, 403, 403],
  ['GET', '/v1/networks/xmpp/stand-in', undefined, 200, 200, 200],
  ['GET', '/v1/networks/matrix/stand-in', undefined, 200, 404, 200],
  // 428: allowed, but no version was given.
  ['PUT', '/v1/networks/xmpp/stand-in', { hours: 1, messages: 10 }, 428, 428, 403],
  ['PUT', '/v1/networks/matrix/stand-in', { hours: 1, messages: 10 }, 428, 404, 403],
  ['GET', '/v1/networks/xmpp/risk', undefined, 200, 200, 200],
  ['GET', '/v1/networks/matrix/risk', undefined, 200, 404, 200],
  ['POST', '/v1/abuse-reports', { accused: 'im:eve@matrix', category: 'spam' }, 403, 202, 403],
  ['GET', '/v1/abuse-reports', undefined, 200, 200, 200],
  [
    'POST',
    '/v1/abuse-reports/00000000-0000-4000-8000-000000000000/answer',
    { action: 'none', note: 'x' },
    403,
    404,
    403,
  ],
  ['GET', '/v1/blocked', undefined, 200, 200, 200],
  ['POST', '/v1/blocked', { address: 'im:eve@matrix' }, 201, 201, 403],
  ['DELETE', '/v1/blocked/00000000-0000-4000-8000-000000000000', undefined, 404, 404, 403],
  ['GET', '/v1/messages/abcdefgh/trace', undefined, 404, 404, 404],
  ['GET', '/v1/messages/trace?network=xmpp&native=x', undefined, 404, 404, 404],
  ['GET', '/v1/dead-letters', undefined, 200, 200, 200],
  ['GET', '/v1/dead-letters/99', undefined, 404, 404, 404],
  ['POST', '/v1/dead-letters/99/replay', undefined, 404, 404, 403],
  ['DELETE', '/v1/dead-letters/99', undefined, 404, 404, 403],
  ['GET', '/v1/keys', undefined, 200, 403, 200],
  ['POST', '/v1/keys', { name: 'another', role: 'auditor' }, 201, 403, 403],
  ['DELETE', '/v1/keys/00000000-0000-4000-8000-000000000000', undefined, 404, 403, 403],
];

describe('permissions', () => {
  // Least powerful first, so that what an admin creates is not there before.
  test.each(TABLE)('%s %s', async (method, path, body, admin, operator, auditor) => {
    expect((await call(undefined, method, path, body)).status).toBe(401);
    expect((await call('hk_wrong', method, path, body)).status).toBe(401);
    expect((await call(keys.auditor, method, path, body)).status).toBe(auditor);
    expect((await call(keys.operator, method, path, body)).status).toBe(operator);
    expect((await call(keys.admin, method, path, body)).status).toBe(admin);
  });

  test('the table names every route of the API', async () => {
    const { paths } = (
      await call<{ paths: Record<string, Record<string, object>> }>(undefined, 'GET', '/docs/openapi.json')
    ).body;
    const documented = Object.entries(paths)
      .filter(([path]) => path.startsWith('/v1'))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '*')}`),
      );
    const fixed = new Set([
      'networks',
      'credentials',
      'enable',
      'suspend',
      'stand-in',
      'risk',
      'abuse-reports',
      'answer',
      'blocked',
      'messages',
      'trace',
      'dead-letters',
      'replay',
      'keys',
      'v1',
      '',
    ]);
    const tested = new Set(
      TABLE.map(
        ([method, path]) =>
          `${method} ${(path.split('?')[0] ?? '')
            .split('/')
            .map((word) => (fixed.has(word) ? word : '*'))
            .join('/')}`,
      ),
    );
    expect(documented.filter((route) => !tested.has(route))).toEqual([]);
  });

  test('an operator sees only its own network in a list', async () => {
    expect(
      (await call<{ network: string }[]>(keys.operator, 'GET', '/v1/networks')).body.map(
        ({ network }) => network,
      ),
    ).toEqual(['xmpp']);
  });
});

describe('keys', () => {
  test('are shown once and kept as hashes', async () => {
    const listed = await call<object[]>(ADMIN_KEY, 'GET', '/v1/keys');
    expect(JSON.stringify(listed.body)).not.toContain(keys.operator);
    const rows = await (await openDatabase(url)).query<{ hash: string }[]>('SELECT * FROM api_key');
    expect(JSON.stringify(rows)).not.toContain(keys.operator);
    expect(rows.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  });

  test('a revoked one opens nothing', async () => {
    const { body } = await call<{ id: string; key: string }>(ADMIN_KEY, 'POST', '/v1/keys', {
      name: 'short-lived',
      role: 'auditor',
    });
    expect((await call(body.key, 'GET', '/v1/networks')).status).toBe(200);
    expect((await call(ADMIN_KEY, 'DELETE', `/v1/keys/${body.id}`)).status).toBe(204);
    expect((await call(body.key, 'GET', '/v1/networks')).status).toBe(401);
  });

  test.each([
    [{ name: 'x', role: 'operator' }, 'network'],
    [{ name: 'x', role: 'admin', network: 'xmpp' }, 'network'],
    [{ name: '', role: 'admin' }, 'name'],
    [{ name: 'x', role: 'king' }, 'role'],
  ])('%j is refused, and the field is named', async (body, field) => {
    const answer = await call<{ detail: string; code: string }>(ADMIN_KEY, 'POST', '/v1/keys', body);
    expect(answer).toMatchObject({
      status: 400,
      type: expect.stringContaining('application/problem+json') as string,
      body: { code: '30' },
    });
    expect(answer.body.detail).toContain(field);
  });
});

describe('networks', () => {
  test('one that is registered twice is a duplicate', async () => {
    expect(
      (await call(ADMIN_KEY, 'POST', '/v1/networks', { network: 'xmpp', name: 'again' })).body,
    ).toMatchObject({ code: '94' });
  });

  test('its credentials open its own subjects on the bus and no others', async () => {
    const { body } = await call<{ credentials: string; inboxPrefix: string }>(
      ADMIN_KEY,
      'POST',
      '/v1/networks/xmpp/credentials',
    );
    expect(body.credentials).toContain('NATS USER JWT');
    expect(body.inboxPrefix).toBe('_INBOX_xmpp');
  });
});

describe('health', () => {
  test('live, ready, metrics and documentation are open', async () => {
    expect((await call(undefined, 'GET', '/healthz/live')).body).toEqual({ status: 'live' });
    expect((await call(undefined, 'GET', '/healthz/ready')).body).toEqual({
      status: 'ready',
      checks: { bus: true, database: true },
    });
    expect((await call<string>(undefined, 'GET', '/metrics')).body).toContain('hutong_bus_connected 1');
    expect((await call(undefined, 'GET', '/docs')).status).toBe(200);
  });

  test('a killed database is told, calls fail with a code, and all is well when it is back', async () => {
    await database.crash();
    await until('not ready', async () => (await call(undefined, 'GET', '/healthz/ready')).status === 503);
    expect((await call(ADMIN_KEY, 'GET', '/v1/networks')).body).toMatchObject({ status: 500, code: '96' });
    await database.start();
    await until('ready again', async () => (await call(undefined, 'GET', '/healthz/ready')).status === 200);
    expect((await call(ADMIN_KEY, 'GET', '/v1/networks')).status).toBe(200);
  }, 60_000);
});
