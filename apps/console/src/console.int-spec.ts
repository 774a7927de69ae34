/** Every route of the console with every role, from one table. Real PostgreSQL and bus. */
import { ConsoleFixture, FIRST_ADMIN } from '../../../test/support/console-fixture.js';
import { ACCEPT_ALL } from '../../../test/support/accept-all.js';
import { until } from '../../../test/support/hub-fixture.js';

let console: ConsoleFixture;
let keys: ConsoleFixture['keys'];
let call: ConsoleFixture['call'];

beforeAll(async () => {
  console = await ConsoleFixture.open(undefined, { TRUSTED_PROXIES: '127.0.0.1' });
  ({ keys, call } = console);
});

afterAll(() => console?.close(), 60_000);

const NOBODYS = '00000000-0000-4000-8000-000000000000';
const DISPUTE = {
  reference: 'abcdefgh',
  toNetwork: 'xmpp',
  kind: 'late',
  amount: '1',
  evidence: { text: 'x', envelopeHash: '0'.repeat(64) },
};

const REASON = { reason: 'a test' };
const AGREEMENT = { from: 'xmpp', to: 'matrix', classes: ['message'], validFrom: '2026-01-01T00:00:00Z' };
const TARIFF = {
  from: '*',
  to: '*',
  class: 'sms',
  validFrom: '2099-01-01T00:00:00Z',
  terminationFee: '0.03',
  switchFee: '0',
};
const BILLING = { legalName: { zh: null, en: 'Nobody Ltd.' }, account: null };
const ROUTE = { kind: 'prefix', key: '86139', network: 'xmpp' };

const COLLEAGUE = { name: 'Bo', mail: 'a@example.org', roles: ['operator'], network: 'xmpp' };

function consentOf(address: string): object {
  return { address, reach: 'all', contacts: [], blocked: [] };
}

async function documentedPaths() {
  type Operation = { parameters?: { name: string }[]; security: object[] };
  type Api = { paths: Record<string, Record<string, Operation>> };
  return (await call<Api>(undefined, 'GET', '/docs/openapi.json')).body.paths;
}

/** HTTP status of each route for each role: for the own network, another network, and resources that do not exist. */
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
  ['GET', '/v1/networks/xmpp/credentials', undefined, 200, 200, 200],
  ['GET', '/v1/networks/matrix/credentials', undefined, 200, 404, 200],
  ['POST', '/v1/networks/xmpp/credentials', undefined, 403, 201, 403],
  ['POST', '/v1/networks/matrix/credentials', undefined, 403, 404, 403],
  ['DELETE', `/v1/networks/xmpp/credentials/U${'A'.repeat(55)}`, { reason: 'lost' }, 404, 404, 403],
  ['PUT', '/v1/networks/xmpp', { ...REASON, name: 'XMPP', operator: null, test: true }, 428, 403, 403],
  ['POST', '/v1/networks/xmpp/approve', REASON, 200, 403, 403],
  ['POST', '/v1/networks/xmpp/enable', REASON, 200, 403, 403],
  ['GET', '/v1/networks/xmpp/leave', undefined, 404, 404, 404],
  [
    'POST',
    '/v1/networks/xmpp/leave',
    { ...REASON, at: '2099-01-01T00:00:00Z', notice: 'Bye.' },
    403,
    200,
    403,
  ],
  ['POST', '/v1/networks/matrix/leave', { ...REASON, at: '2099-01-01T00:00:00Z' }, 403, 404, 403],
  ['POST', '/v1/networks/matrix/leave/propose', { ...REASON, at: '2099-01-01T00:00:00Z' }, 409, 403, 403],
  ['POST', '/v1/networks/xmpp/leave/notice/approve', REASON, 200, 403, 403],
  ['POST', '/v1/networks/xmpp/leave/notice/reject', REASON, 409, 403, 403],
  ['POST', '/v1/networks/xmpp/stay', REASON, 403, 200, 403],
  ['POST', '/v1/networks/matrix/stay', REASON, 403, 404, 403],
  ['POST', '/v1/networks/xmpp/suspend', REASON, 200, 403, 403],
  // Confirmed by the admin who suspended it.
  ['POST', '/v1/networks/xmpp/suspend/confirm', REASON, 403, 403, 403],
  ['POST', '/v1/networks/xmpp/suspend/propose', REASON, 202, 403, 403],
  ['POST', '/v1/networks/xmpp/enable/propose', REASON, 202, 403, 403],
  ['POST', '/v1/networks/xmpp/remove', REASON, 202, 403, 403],
  ['GET', '/v1/operators', undefined, 200, 200, 200],
  ['GET', '/v1/operators/nobody', undefined, 404, 404, 404],
  [
    'POST',
    '/v1/operators',
    { ...REASON, id: 'cmcc', name: 'China Mobile', contact: 'noc@example.cn' },
    201,
    403,
    403,
  ],
  ['PUT', '/v1/operators/nobody', { ...REASON, name: 'Nobody', contact: 'nobody' }, 404, 403, 403],
  ['PUT', '/v1/operators/nobody/billing', { ...REASON, terms: BILLING }, 404, 403, 403],
  ['GET', '/v1/announcements', undefined, 200, 200, 200],
  ['POST', '/v1/announcements/00000000-0000-4000-8000-000000000000/read', undefined, 403, 404, 403],
  ['GET', '/v1/audit', undefined, 200, 200, 200],
  ['GET', '/v1/audit?subject=network/matrix', undefined, 200, 403, 200],
  ['GET', '/v1/audit/verify', undefined, 200, 403, 200],
  ['GET', '/v1/audit/checkpoints', undefined, 200, 403, 200],
  ['GET', '/v1/audit/key', undefined, 200, 200, 200],
  ['GET', '/v1/agreements', undefined, 200, 200, 200],
  ['GET', `/v1/agreements/${NOBODYS}`, undefined, 404, 404, 404],
  ['POST', '/v1/agreements', { ...REASON, terms: AGREEMENT }, 202, 403, 403],
  ['PUT', `/v1/agreements/${NOBODYS}`, { ...REASON, terms: AGREEMENT }, 404, 403, 403],
  ['DELETE', `/v1/agreements/${NOBODYS}`, REASON, 404, 403, 403],
  ['GET', `/v1/agreements/${NOBODYS}/history`, undefined, 404, 404, 404],
  ['POST', '/v1/changes:preview', { change: { kind: 'agreement.add', terms: AGREEMENT } }, 200, 200, 200],
  ['GET', '/v1/tariffs', undefined, 200, 200, 200],
  ['POST', '/v1/tariffs', { ...REASON, terms: TARIFF }, 202, 403, 403],
  ['POST', '/v1/tariffs/pairs', REASON, 400, 403, 403],
  ['GET', '/v1/tariffs/history?from=xmpp&to=matrix&class=message', undefined, 200, 200, 200],
  ['GET', '/v1/routes', undefined, 200, 200, 200],
  ['GET', '/v1/routes/history?kind=prefix&key=86139', undefined, 200, 200, 200],
  ['POST', '/v1/routes', { ...REASON, terms: ROUTE }, 202, 403, 403],
  ['DELETE', '/v1/routes', { ...REASON, terms: ROUTE }, 409, 403, 403],
  ['GET', '/v1/phase', undefined, 200, 200, 200],
  // Without the version that was seen.
  ['PUT', '/v1/phase', { ...REASON, terms: { phase: 'mesh' } }, 428, 403, 403],
  ['GET', '/v1/business-days', undefined, 200, 200, 200],
  ['GET', '/v1/business-days/2026-01-01', undefined, 404, 404, 404],
  ['POST', '/v1/business-days/2026-01-01/close', {}, 503, 403, 403],
  ['POST', '/v1/business-days/2026-01-01/verify', undefined, 404, 403, 404],
  ['GET', '/v1/business-days/2026-01-01/positions', undefined, 404, 404, 404],
  ['GET', '/v1/business-days/2026-01-01/files/xmpp', undefined, 404, 404, 404],
  ['GET', '/v1/business-days/2026-01-01/statements/xmpp', undefined, 404, 404, 404],
  ['GET', '/v1/changes', undefined, 200, 200, 200],
  ['GET', `/v1/changes/${NOBODYS}`, undefined, 404, 404, 404],
  ['POST', `/v1/changes/${NOBODYS}/confirm`, REASON, 403, 404, 403],
  ['POST', `/v1/changes/${NOBODYS}/decline`, REASON, 403, 404, 403],
  ['GET', '/v1/acceptance-rules', undefined, 200, 200, 200],
  ['POST', '/v1/acceptance-rules', ACCEPT_ALL, 403, 201, 403],
  ['POST', `/v1/acceptance-rules/${NOBODYS}/withdraw`, REASON, 403, 404, 403],
  ['POST', `/v1/changes/${NOBODYS}/approve`, REASON, 404, 403, 403],
  ['POST', `/v1/changes/${NOBODYS}/reject`, REASON, 404, 403, 403],
  ['POST', '/v1/networks/xmpp/certifications', { loopback: 'echo' }, 409, 202, 403],
  ['POST', '/v1/networks/matrix/certifications', { loopback: '@echo:x' }, 202, 404, 403],
  ['POST', '/v1/networks/certify/certifications', { loopback: 'echo' }, 404, 404, 403],
  ['POST', '/v1/networks/certify/credentials', undefined, 403, 404, 403],
  ['GET', '/v1/certification-cases', undefined, 200, 200, 200],
  ['GET', '/v1/networks/xmpp/certifications', undefined, 200, 200, 200],
  ['GET', '/v1/networks/matrix/certifications', undefined, 200, 404, 200],
  ['GET', '/v1/networks/xmpp/certifications/00000000-0000-4000-8000-000000000000', undefined, 404, 404, 404],
  ['GET', `/v1/networks/xmpp/certifications/${NOBODYS}/links`, undefined, 404, 404, 404],
  ['POST', `/v1/networks/xmpp/certifications/${NOBODYS}/links`, { days: 1 }, 404, 404, 403],
  ['DELETE', `/v1/networks/xmpp/certifications/${NOBODYS}/links/${NOBODYS}`, undefined, 404, 404, 403],
  [
    'GET',
    '/v1/networks/xmpp/certifications/00000000-0000-4000-8000-000000000000/page',
    undefined,
    404,
    404,
    404,
  ],
  ['POST', '/v1/networks/xmpp/adapter/revoke', { reason: 'it lied' }, 200, 403, 403],
  ['GET', '/v1/networks/xmpp/stand-in', undefined, 200, 200, 200],
  ['GET', '/v1/networks/matrix/stand-in', undefined, 200, 404, 200],
  // 428: allowed, but no version was given.
  ['PUT', '/v1/networks/xmpp/stand-in', { hours: 1, messages: 10 }, 428, 428, 403],
  ['PUT', '/v1/networks/matrix/stand-in', { hours: 1, messages: 10 }, 428, 404, 403],
  ['GET', '/v1/networks/xmpp/risk', undefined, 200, 200, 200],
  ['GET', '/v1/networks/matrix/risk', undefined, 200, 404, 200],
  // Nothing to take back.
  ['POST', '/v1/networks/xmpp/risk/lift', REASON, 409, 403, 403],
  ['POST', '/v1/networks/xmpp/risk/dismiss', { ...REASON, reporter: 'matrix' }, 409, 403, 403],
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
  ['POST', '/v1/blocked', { address: 'im:eve@matrix' }, 202, 201, 403],
  ['DELETE', '/v1/blocked/00000000-0000-4000-8000-000000000000', undefined, 404, 404, 403],
  ['GET', '/v1/messages', undefined, 200, 200, 200],
  ['GET', '/v1/overview', undefined, 200, 200, 200],
  ['GET', '/v1/topology', undefined, 200, 200, 200],
  ['GET', '/v1/topology/xmpp/nowhere', undefined, 404, 404, 404],
  // Without this parameter the answer would not end.
  ['GET', '/v1/events?surprise=1', undefined, 400, 400, 400],
  ['GET', '/v1/find?q=xmpp', undefined, 200, 200, 200],
  ['GET', '/v1/messages/abcdefgh/trace', undefined, 404, 404, 404],
  ['GET', '/v1/messages/trace?network=xmpp&native=x', undefined, 404, 404, 404],
  ['GET', '/v1/dead-letters', undefined, 200, 200, 200],
  ['GET', '/v1/dead-letters/99', undefined, 404, 404, 404],
  ['POST', '/v1/dead-letters/99/replay', undefined, 404, 404, 403],
  ['DELETE', '/v1/dead-letters/99', undefined, 404, 404, 403],
  ['POST', '/v1/disputes', DISPUTE, 403, 404, 403],
  ['GET', '/v1/disputes', undefined, 200, 200, 200],
  ['GET', `/v1/disputes/${NOBODYS}`, undefined, 404, 404, 404],
  ['POST', `/v1/disputes/${NOBODYS}/request-evidence`, { text: 'x' }, 403, 404, 403],
  ['POST', `/v1/disputes/${NOBODYS}/answer`, DISPUTE.evidence, 403, 404, 403],
  ['POST', `/v1/disputes/${NOBODYS}/charge-back`, { text: 'x' }, 403, 404, 403],
  ['POST', `/v1/disputes/${NOBODYS}/represent`, DISPUTE.evidence, 403, 404, 403],
  ['POST', `/v1/disputes/${NOBODYS}/arbitrate`, { for: 'claimant', text: 'x' }, 404, 403, 403],
  ['POST', `/v1/disputes/${NOBODYS}/accept`, { text: 'x' }, 403, 404, 403],
  ['POST', `/v1/disputes/${NOBODYS}/withdraw`, { text: 'x' }, 403, 404, 403],
  ['POST', `/v1/disputes/${NOBODYS}/review`, { decision: 'confirm', text: 'x' }, 404, 403, 403],
  ['GET', '/v1/disputes/schedule', undefined, 200, 200, 200],
  ['GET', '/v1/adjustments', undefined, 200, 200, 200],
  ['POST', '/v1/business-days/2026-03-01/confirmations', undefined, 403, 404, 403],
  ['GET', '/v1/business-days/2026-03-01/confirmations', undefined, 404, 404, 404],
  ['POST', '/v1/business-days/2026-03-01/differences', { amount: '1', text: 'x' }, 403, 404, 403],
  ['GET', '/v1/business-days/2026-03-01/differences', undefined, 404, 404, 404],
  ['POST', `/v1/business-days/2026-03-01/differences/${NOBODYS}/resolve`, { reason: 'x' }, 404, 403, 403],
  ['GET', '/v1/subscribers/links?address=im:alice@xmpp', undefined, 200, 200, 200],
  ['GET', '/v1/subscribers/links?address=im:bob@matrix', undefined, 200, 404, 200],
  // No network serves the number. The codes go to the subscriber, and only their operator starts a link.
  ['POST', '/v1/subscribers/links', { number: '+8613800138000', address: 'im:alice@xmpp' }, 403, 404, 403],
  ['POST', '/v1/subscribers/links', { number: '+8613800138000', address: 'im:bob@matrix' }, 403, 404, 403],
  [
    'POST',
    '/v1/subscribers/links/00000000-0000-4000-8000-000000000000/confirm',
    { numberCode: '000000', addressCode: '000000' },
    403,
    404,
    403,
  ],
  [
    'PATCH',
    '/v1/subscribers/links',
    { number: '+8613800138000', address: 'im:alice@xmpp', findable: true },
    404,
    404,
    403,
  ],
  ['DELETE', '/v1/subscribers/links?number=%2B8613800138000&address=im:alice@xmpp', undefined, 404, 404, 403],
  ['GET', '/v1/subscribers/person?of=im:alice@xmpp', undefined, 200, 200, 200],
  ['GET', '/v1/subscribers/person?of=im:bob@matrix', undefined, 200, 404, 200],
  ['GET', '/v1/subscribers/consent?address=im:alice@xmpp', undefined, 200, 200, 200],
  ['GET', '/v1/subscribers/consent?address=im:bob@matrix', undefined, 200, 404, 200],
  // Without the version that was seen.
  ['PUT', '/v1/subscribers/consent', consentOf('im:alice@xmpp'), 428, 428, 403],
  ['PUT', '/v1/subscribers/consent', consentOf('im:bob@matrix'), 428, 404, 403],
  // The switch answers, and there is none here.
  ['GET', '/v1/resolve?number=%2B8613800138000&network=xmpp', undefined, 503, 503, 403],
  ['GET', '/v1/resolve?number=%2B8613800138000&network=matrix', undefined, 503, 404, 403],
  ['GET', '/v1/routes/ported', undefined, 200, 200, 200],
  [
    'POST',
    '/v1/routes/ported',
    { terms: { number: '+8613800138000', network: 'matrix' }, reason: 'moved' },
    202,
    403,
    403,
  ],
  ['DELETE', '/v1/routes/ported/%2B8613800138000?reason=back', undefined, 409, 403, 403],
  ['GET', '/v1/me', undefined, 200, 200, 200],
  ['GET', '/v1/me/sessions', undefined, 200, 200, 200],
  ['DELETE', `/v1/me/sessions/${NOBODYS}`, undefined, 404, 404, 404],
  ['GET', '/v1/me/views', undefined, 200, 200, 200],
  ['POST', '/v1/me/views', { path: '/networks', name: 'mine', search: { filter: 'x' } }, 200, 200, 200],
  ['DELETE', `/v1/me/views/${NOBODYS}`, undefined, 404, 404, 404],
  ['PUT', '/v1/me/preferences', { language: 'en', timeZone: 'Asia/Shanghai' }, 204, 204, 204],
  ['PUT', '/v1/me/password', { password: 'long enough to use' }, 204, 204, 204],
  // A wrong password.
  ['POST', '/v1/me/second-factor', { password: 'wrong' }, 401, 401, 401],
  ['POST', '/v1/me/second-factor/confirm', { code: '123456' }, 409, 409, 409],
  ['POST', '/v1/me/second-factor/remove', { password: 'wrong' }, 401, 401, 401],
  // With an API key there is nothing to sign out of.
  ['DELETE', '/v1/session', undefined, 409, 409, 409],
  ['GET', '/v1/people', undefined, 200, 200, 200],
  ['GET', `/v1/people/${NOBODYS}`, undefined, 404, 404, 404],
  ['POST', '/v1/people', { ...REASON, terms: COLLEAGUE }, 202, 202, 403],
  [
    'POST',
    '/v1/people',
    { ...REASON, terms: { ...COLLEAGUE, network: 'matrix', mail: 'b@example.org' } },
    202,
    403,
    403,
  ],
  ['PUT', `/v1/people/${NOBODYS}/roles`, { ...REASON, roles: ['admin'] }, 404, 403, 403],
  ['POST', `/v1/people/${NOBODYS}/disable`, REASON, 404, 404, 403],
  ['GET', '/v1/keys', undefined, 200, 200, 200],
  // A key for oneself.
  ['POST', '/v1/keys', { ...REASON, name: 'another' }, 201, 201, 201],
  ['POST', '/v1/keys', { ...REASON, name: 'another', person: NOBODYS }, 404, 404, 403],
  ['DELETE', `/v1/keys/${NOBODYS}`, REASON, 404, 404, 404],
];

describe('permissions', () => {
  // Least powerful role first, so that resources that an admin creates do not exist before.
  test.each(TABLE)('%s %s', async (method, path, body, admin, operator, auditor) => {
    expect((await call(undefined, method, path, body)).status).toBe(401);
    const elsewhere = {
      'x-forwarded-for': `192.0.2.${TABLE.findIndex((row) => row[0] === method && row[1] === path)}`,
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
      TABLE.map(([method, path]) => `${method} ${path.split('?')[0]}`).map(
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
    const keys = [
      '[]',
      '{}',
      '["\\u0000"]',
      '["\\ud800"]',
      '[0.5]',
      '["0000-01-01T00:00:00Z",1]',
      '[1,2,3,4,5,6]',
    ];
    const forged = ['x', ...keys.map((key) => Buffer.from(key).toString('base64url'))];
    for (const path of paged)
      for (const cursor of forged) {
        const of = path.replace('{date}', '2026-03-01').replace(/\{\w+\}/, 'xmpp');
        const { status } = await call(FIRST_ADMIN, 'GET', `${of}?cursor=${cursor}`);
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
