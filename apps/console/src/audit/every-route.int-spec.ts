/** Every route that changes something, and every route that reveals content, writes an audit entry. */
import { readFileSync } from 'node:fs';
import { ACCEPT_ALL } from '../../../../test/support/accept-all.js';
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { documentedRoutes } from '../../../../test/support/documented-routes.js';
import { newKey } from '../../../../test/support/people.js';

let house: ConsoleFixture;
const ADMIN = 'admin';
const SECOND = 'second admin';
const OPERATOR = 'operator';
const OF_MATRIX = 'operator of matrix';
const keys: Record<string, string> = {};
const reason = 'a test';
/** Ids from answers of earlier steps, by name. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  house = await ConsoleFixture.open();
  keys[ADMIN] = FIRST_ADMIN;
  keys[SECOND] = SECOND_ADMIN;
  keys[OPERATOR] = house.keys.operator;
  keys[OF_MATRIX] = await house.key('matrix people', 'operator', 'matrix');
});
afterAll(() => house?.close(), 60_000);

const PAIR = { from: 'xmpp', to: 'matrix', classes: ['message'], validFrom: '2030-01-01T00:00:00Z' };
const FEES = { class: 'message', terminationFee: '0.01', switchFee: '0' };
const HOOK = { url: 'https://noc.example.cn/hook', kinds: ['dispute.moved'] };
const SOON = '2099-01-01T00:00:00Z';
const person = (name: string, more: object) => ({
  reason,
  terms: { name, mail: `${name}@example.org`, roles: ['auditor'], ...more },
});

interface Step {
  route: string;
  who: string;
  /** Values for `{…}` of the route, in order; `$name` is an id of an earlier step. */
  path?: string[];
  query?: string;
  body?: object;
  /** Name under which later steps find the id of the answer. */
  keep?: string;
}

const STEPS: Step[] = [
  { route: 'POST /v1/networks', who: ADMIN, body: { network: 'yixin', name: 'Yixin', state: 'applied' } },
  { route: 'POST /v1/networks/{network}/approve', who: ADMIN, path: ['yixin'], body: { reason } },
  { route: 'POST /v1/networks/{network}/enable', who: ADMIN, path: ['matrix'], body: { reason } },
  {
    route: 'PUT /v1/networks/{network}',
    who: ADMIN,
    path: ['yixin'],
    body: { name: 'Yi Xin', operator: null, test: true, reason },
  },
  { route: 'POST /v1/networks/{network}/suspend', who: ADMIN, path: ['matrix'], body: { reason } },
  { route: 'POST /v1/networks/{network}/suspend/confirm', who: SECOND, path: ['matrix'], body: { reason } },
  {
    route: 'POST /v1/networks/{network}/enable/propose',
    who: ADMIN,
    path: ['matrix'],
    body: { reason },
    keep: 'enable',
  },
  { route: 'POST /v1/changes/{id}/approve', who: SECOND, path: ['$enable'], body: { reason } },
  {
    route: 'POST /v1/networks/{network}/suspend/propose',
    who: ADMIN,
    path: ['matrix'],
    body: { reason },
    keep: 'suspend',
  },
  { route: 'POST /v1/changes/{id}/reject', who: SECOND, path: ['$suspend'], body: { reason } },
  { route: 'POST /v1/networks/{network}/credentials', who: OPERATOR, path: ['xmpp'] },
  {
    route: 'PUT /v1/networks/{network}/stand-in',
    who: OPERATOR,
    path: ['xmpp'],
    body: { hours: 1, messages: 10, reason },
  },
  {
    route: 'POST /v1/operators',
    who: ADMIN,
    body: { id: 'cmcc', name: 'China Mobile', contact: 'noc@example.cn', reason },
  },
  {
    route: 'PUT /v1/operators/{id}',
    who: ADMIN,
    path: ['cmcc'],
    body: { name: 'CMCC', contact: 'noc@example.cn', reason },
  },
  {
    route: 'PUT /v1/operators/{id}/billing',
    who: ADMIN,
    path: ['cmcc'],
    body: { terms: { legalName: { zh: '中国移动', en: null }, account: null }, reason },
  },
  { route: 'POST /v1/agreements', who: ADMIN, body: { terms: PAIR, reason } },
  {
    route: 'POST /v1/tariffs',
    who: ADMIN,
    body: { terms: { ...FEES, from: 'xmpp', to: 'matrix', validFrom: SOON }, reason },
  },
  {
    route: 'POST /v1/tariffs/pairs',
    who: ADMIN,
    body: {
      terms: { from: 'xmpp', to: 'matrix', validFrom: SOON, fees: [{ direction: 'back', ...FEES }] },
      reason,
    },
  },
  {
    route: 'POST /v1/routes',
    who: ADMIN,
    body: { terms: { kind: 'prefix', key: '86139', network: 'xmpp' }, reason },
  },
  { route: 'PUT /v1/phase', who: ADMIN, body: { terms: { phase: 'mesh' }, reason } },
  {
    route: 'POST /v1/routes/ported',
    who: ADMIN,
    body: { terms: { number: '+8613800138000', network: 'matrix' }, reason },
  },
  { route: 'POST /v1/acceptance-rules', who: OF_MATRIX, body: ACCEPT_ALL, keep: 'rule' },
  { route: 'POST /v1/acceptance-rules/{id}/withdraw', who: OF_MATRIX, path: ['$rule'], body: { reason } },
  { route: 'POST /v1/networks/{network}/adapter/revoke', who: ADMIN, path: ['xmpp'], body: { reason } },
  {
    route: 'POST /v1/networks/{network}/certifications',
    who: OF_MATRIX,
    path: ['matrix'],
    body: { loopback: 'echo' },
    keep: 'certification',
  },
  {
    route: 'POST /v1/networks/{network}/certifications/{id}/links',
    who: OF_MATRIX,
    path: ['matrix', '$certification'],
    body: { days: 1 },
    keep: 'link',
  },
  {
    route: 'DELETE /v1/networks/{network}/certifications/{id}/links/{link}',
    who: OF_MATRIX,
    path: ['matrix', '$certification', '$link'],
  },
  {
    route: 'POST /v1/abuse-reports',
    who: OPERATOR,
    body: { accused: 'im:eve@matrix', category: 'spam', disclosedContent: 'buy this' },
    keep: 'report',
  },
  { route: 'GET /v1/abuse-reports', who: OF_MATRIX },
  { route: 'GET /v1/subscribers/person', who: OPERATOR, query: '?of=im:al@xmpp' },
  {
    route: 'POST /v1/abuse-reports/{id}/answer',
    who: OF_MATRIX,
    path: ['$report'],
    body: { action: 'warned', note: 'told' },
  },
  { route: 'POST /v1/blocked', who: OPERATOR, body: { address: 'im:eve@matrix', reason }, keep: 'blocked' },
  { route: 'DELETE /v1/blocked/{id}', who: OPERATOR, path: ['$blocked'] },
  {
    route: 'PUT /v1/subscribers/consent',
    who: OPERATOR,
    body: { address: 'im:al@xmpp', reach: 'all', contacts: [], blocked: [] },
  },
  {
    route: 'POST /v1/people',
    who: ADMIN,
    body: person('li', { key: { name: 'first', sha256: newKey().sha256 } }),
    keep: 'person',
  },
  { route: 'PUT /v1/people/{id}/roles', who: ADMIN, path: ['$reader'], body: { roles: ['admin'], reason } },
  { route: 'POST /v1/people/{id}/disable', who: ADMIN, path: ['$reader'], body: { reason } },
  { route: 'POST /v1/keys', who: ADMIN, body: { name: 'spare', reason }, keep: 'key' },
  { route: 'DELETE /v1/keys/{id}', who: ADMIN, path: ['$key'], body: { reason } },
  { route: 'POST /v1/webhooks', who: OPERATOR, body: { ...HOOK, reason }, keep: 'webhook' },
  {
    route: 'PUT /v1/webhooks/{id}',
    who: OPERATOR,
    path: ['$webhook'],
    body: { ...HOOK, enabled: false, reason },
  },
  { route: 'POST /v1/webhooks/{id}/rotate-secret', who: OPERATOR, path: ['$webhook'], body: { reason } },
  { route: 'POST /v1/webhooks/{id}/test', who: OPERATOR, path: ['$webhook'] },
  { route: 'DELETE /v1/webhooks/{id}', who: OPERATOR, path: ['$webhook'], body: { reason } },
  { route: 'GET /v1/audit/export', who: OPERATOR, query: '?format=ndjson' },
];

/** Routes that need clearing, a message or an earlier history: the test that checks their entry. */
const ELSEWHERE: Record<string, string> = {
  'DELETE /v1/networks/{network}/credentials/{publicKey}': 'credentials.revoked',
  'GET /v1/dead-letters/{id}': 'dead-letter.read',
  'POST /v1/dead-letters/{id}/replay': 'dead-letter.replayed',
  'DELETE /v1/dead-letters/{id}': 'dead-letter.discarded',
  'POST /v1/networks/{network}/pairings': 'pairing.begun',
  'POST /v1/subscribers/links': 'link.started',
  'POST /v1/subscribers/links/{id}/confirm': 'link.confirmed',
  'PATCH /v1/subscribers/links': 'link.changed',
  'DELETE /v1/subscribers/links': 'link.removed',
  'DELETE /v1/session': 'session.ended',
  'DELETE /v1/me/sessions': 'session.ended',
  'DELETE /v1/me/sessions/{id}': 'session.ended',
  'POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver': 'webhook.redelivered',
  'PUT /v1/me/password': 'person.password-set',
  'POST /v1/me/second-factor': 'person.second-factor-offered',
  'POST /v1/me/second-factor/confirm': 'person.second-factor-set',
  'POST /v1/me/second-factor/recovery-codes': 'person.recovery-codes-made',
  'POST /v1/people/{id}/second-factor/reset': 'person.second-factor-reset',
  'POST /v1/me/second-factor/remove': 'person.second-factor-removed',
  'POST /v1/business-days/{date}/close': 'day.closed',
  'POST /v1/business-days/{date}/verify': 'day.recomputed',
  'POST /v1/business-days/{date}/confirmations': 'business-day.confirmed',
  'POST /v1/business-days/{date}/differences': 'difference.raised',
  'POST /v1/business-days/{date}/differences/{id}/resolve': 'difference.resolved',
  'POST /v1/business-days/{date}/payments': 'payment.recorded',
  'POST /v1/business-days/{date}/reconciliations': 'reconciliation.made',
  'DELETE /v1/business-days/{date}/reconciliations/{id}': 'reconciliation.removed',
};

/** Routes of one service that writes the same entry for each; other routes of it are above or in its own test. */
const BY_ONE_SERVICE: [RegExp, string][] = [
  [/^POST \/v1\/disputes/, 'disputes.int-spec: every step of the lifecycle'],
  [/^POST \/v1\/changes\//, 'ChangesService'],
  [/^(PUT|DELETE) \/v1\/agreements\//, 'ChangesService'],
  [/^DELETE \/v1\/routes/, 'ChangesService'],
  [/^POST \/v1\/networks\/\{network\}\/(leave|stay|remove)/, 'MembersService'],
  [/^POST \/v1\/networks\/\{network\}\/risk\/(lift|dismiss)$/, 'ChangesService; risk.int-spec'],
];

/** Routes that change nothing for others. */
const WITHOUT: Record<string, string> = {
  'POST /v1/changes:preview': 'computes, and changes nothing',
  'PUT /v1/me/preferences': 'language and time zone of the caller',
  'POST /v1/networks/{network}/pairings/{id}/code': 'digits of a pairing whose begin has an entry',
  'POST /v1/me/views': 'filters of a page for the caller',
  'DELETE /v1/me/views/{id}': 'filters of a page for the caller',
  'POST /v1/announcements/{id}/read': 'a mark for the reader’s own colleagues',
};

async function entries(): Promise<number> {
  const rows = await house.sql(`SELECT 1 FROM audit WHERE action NOT IN ('key.used', 'request.denied')`);
  return rows.length;
}

test('each of these steps leaves an entry', async () => {
  await house.key('a reader', 'auditor');
  const [reader] = await house.sql<{ id: string }>(`SELECT id FROM person WHERE name = 'a reader'`);
  ids['reader'] = reader?.id ?? '';
  const silent: string[] = [];
  for (const { route, who, path = [], query = '', body, keep } of STEPS) {
    const [method = '', template = ''] = route.split(' ');
    const given = [...path];
    const url = template.replaceAll(/\{\w+\}/g, () =>
      (given.shift() ?? '').replace(/^\$(\w+)/, (_, name: string) => ids[name] ?? ''),
    );
    const before = await entries();
    const answer = await house.call<{ id?: string }>(keys[who], method, url + query, body, {
      'if-match': '*',
    });
    if (answer.status > 299) throw new Error(`${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
    if (keep) ids[keep] = answer.body.id ?? '';
    if ((await entries()) === before) silent.push(route);
  }
  expect(silent).toEqual([]);
}, 60_000);

test('no documented route that changes something is left out', async () => {
  const routes = (await documentedRoutes(house)).filter(({ method }) => method !== 'GET');
  const known = new Set([
    ...STEPS.map(({ route }) => route),
    ...Object.keys(ELSEWHERE),
    ...Object.keys(WITHOUT),
  ]);
  const left = routes
    .map(({ method, template }) => `${method} ${template}`)
    .filter((route) => !known.has(route) && !BY_ONE_SERVICE.some(([pattern]) => pattern.test(route)));
  expect(left).toEqual([]);
});

test('an entry is never written under a name that the code does not know', () => {
  const sources = [
    'access/sessions.service.ts',
    'credentials/credentials.service.ts',
    'networks/pairing.controller.ts',
    'sign-in/account.service.ts',
    'sign-in/second-factor.service.ts',
    'subscribers/links.service.ts',
    'dead-letters/dead-letters.service.ts',
    'reconciliation/reconciliation.service.ts',
    'payments/payments.service.ts',
    'settlement/day-closing.ts',
    'settlement/settlement.service.ts',
    'webhooks/webhooks.service.ts',
  ].map((file) => readFileSync(`apps/console/src/${file}`, 'utf8'));
  for (const action of Object.values(ELSEWHERE)) {
    const verb = action.slice(action.indexOf('.') + 1);
    expect(sources.some((text) => text.includes(`'${action}'`) || text.includes(`'${verb}'`))).toBe(true);
  }
});
