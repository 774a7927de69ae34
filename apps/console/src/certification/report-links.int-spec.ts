/** A report is shared by a link that cannot be guessed, expires and can be revoked. */
import { randomUUID } from 'node:crypto';
import { blankReport } from '#certification';
import { network } from '#protocol';
import { ConsoleFixture } from '../../../../test/support/console-fixture.js';
import { MOST_VISITS } from './page-visits.js';

const HOSTILE = `<script>alert(1)</script>' onmouseover='&`;
const LOOPBACK = 'echo-4711@example.org';
const DAY_MS = 24 * 3600_000;
let house: ConsoleFixture;
let now = new Date('2026-11-29T12:00:00Z');
const id = randomUUID();
const links = `/v1/networks/xmpp/certifications/${id}/links`;

interface Made {
  id: string;
  path: string;
  expiresAt: string;
}

beforeAll(async () => {
  house = await ConsoleFixture.open(() => now, { TRUSTED_PROXIES: '127.0.0.1' });
  const report = blankReport({ network: network('xmpp'), loopback: LOOPBACK });
  const [first] = report.cases;
  if (!first) throw new Error('the suite has no cases');
  Object.assign(first, {
    verdict: 'fail',
    reason: `${HOSTILE} ${LOOPBACK} im:echo-4711%40example.org@xmpp`,
    evidence: [{ at: now.toISOString(), what: 'seen at 10.0.0.1' }],
  });
  report.build = HOSTILE;
  await house.sql(
    `INSERT INTO certification (id, network, suite_version, report, state, at, by) VALUES ($1, 'xmpp', $2, $3, 'failed', $4, 'operator Mallory')`,
    [id, report.suite, JSON.stringify(report), now],
  );
}, 60_000);
afterAll(() => house?.close(), 60_000);

const share = (body: object = {}) => house.call<Made>(house.keys.operator, 'POST', links, body);
const open = (path: string, from = '192.0.2.1') =>
  house.call<string>(undefined, 'GET', path, undefined, { 'x-forwarded-for': from });
const audited = () =>
  house.sql<{ action: string }>(`SELECT action FROM audit WHERE action LIKE 'certification.%' ORDER BY seq`);

test('everybody with the link sees the report, and no accounts, addresses, people or observations', async () => {
  const { status, body } = await share({ days: 1 });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    path: expect.stringMatching(/^\/reports\/[\w-]{43}$/) as string,
    expiresAt: '2026-11-30T12:00:00.000Z',
  });
  const page = await open(body.path);
  expect(page).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
  expect(page.body).toContain('Certification of xmpp');
  expect(page.body).toContain('What to do');
  expect(page.body).toContain('docs/adapters.md, “2. Sign on”');
  expect(page.body).not.toMatch(/4711|Mallory|10\.0\.0\.1/);
  expect(await audited()).toEqual([{ action: 'certification.shared' }]);
});

test('no tag of an adapter is in the page, and its policy allows nothing but its own style', async () => {
  const { body } = await share();
  const { body: html, headers } = await open(body.path);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&#39; onmouseover=&#39;&amp;');
  expect(html).not.toContain('<script');
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  );
  expect([headers.get('cache-control'), headers.get('x-robots-tag'), headers.get('referrer-policy')]).toEqual(
    ['no-store', 'noindex', 'no-referrer'],
  );
});

test('the token is stored as a hash only, and is in the answer once', async () => {
  const { body } = await share();
  const token = body.path.slice('/reports/'.length);
  const rows = await house.sql('SELECT * FROM report_link');
  expect(JSON.stringify(rows)).not.toContain(token);
  const listed = await house.call<{ items: object[] }>(house.keys.operator, 'GET', links);
  expect(JSON.stringify(listed.body)).not.toContain(token);
  expect(listed.body.items).toContainEqual(
    expect.objectContaining({ id: body.id, opened: 0, revokedAt: null }),
  );
});

test('a link that is revoked, has expired or was never made opens nothing, and all have the same answer', async () => {
  const [revoked, expired] = [(await share()).body, (await share({ days: 1 })).body];
  await house.call(house.keys.operator, 'DELETE', `${links}/${revoked.id}`);
  expect((await audited()).at(-1)).toEqual({ action: 'certification.link-revoked' });
  const unknown = await open(`/reports/${'x'.repeat(43)}`);
  expect(unknown).toMatchObject({ status: 404, body: { type: 'urn:hutong:problem:not-found' } });
  expect((await open(revoked.path)).body).toEqual(unknown.body);
  expect((await open(expired.path)).status).toBe(200);
  now = new Date(now.getTime() + DAY_MS);
  expect((await open(expired.path)).body).toEqual(unknown.body);
  const again = await house.call(house.keys.operator, 'DELETE', `${links}/${revoked.id}`);
  expect(again.status).toBe(404);
});

test('an address that opens many pages is slowed down, alone in that', async () => {
  now = new Date('2026-12-24T12:00:00Z');
  const { body } = await share();
  for (let at = 0; at < MOST_VISITS; at++) expect((await open(body.path, '192.0.2.2')).status).toBe(200);
  const slowed = await open(body.path, '192.0.2.2');
  expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '60']);
  expect((await open(body.path, '192.0.2.3')).status).toBe(200);
});

test('the operator of another network can neither share the report nor see its links', async () => {
  const other = await house.key('matrix people', 'operator', 'matrix');
  for (const [method, path] of [
    ['POST', links],
    ['GET', links],
    ['DELETE', `${links}/${randomUUID()}`],
  ] as const)
    expect((await house.call(other, method, path, method === 'POST' ? {} : undefined)).status).toBe(404);
  expect((await house.call(undefined, 'POST', links, {})).status).toBe(401);
});

test('a certification has at most 20 links that can be used', async () => {
  let status = 201;
  for (let at = 0; at < 21 && status === 201; at++) ({ status } = await share());
  expect(status).toBe(409);
});
