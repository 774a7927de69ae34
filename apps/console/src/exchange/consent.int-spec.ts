/** Confirmation by members: a change is applied only after the operator of each network that it binds has confirmed it. */
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { ChangeExpiry } from './change-expiry.js';
import type { ChangeView, ExchangeChange, MembershipChange } from './changes.js';

const reason = 'a test';
const FUTURE = '2027-01-01T00:00:00Z';
const DAY_MS = 24 * 3600_000;
const NUMBER = '+8613900000001';

let now = new Date('2026-06-01T12:00:00Z');
let console: ConsoleFixture;
let serial = 0;

beforeAll(async () => {
  console = await ConsoleFixture.of(['xmpp', 'matrix', 'fetion', 'yixin'], () => now);
  await console.sql(
    "INSERT INTO route (kind, key, network, since) VALUES ('prefix', '86139', 'fetion', now())",
  );
  await console.sql(
    "INSERT INTO route (kind, key, network, since) VALUES ('prefix', '86138', 'matrix', now())",
  );
});
afterAll(() => console?.close(), 60_000);

const operatorOf = (network: string) => console.operators[network] ?? '';
const call = <T = Record<string, unknown>>(key: string, method: string, path: string, body?: object) =>
  console.call<T>(key, method, path, body);
const shown = async (id: string) => (await call<ChangeView>(FIRST_ADMIN, 'GET', `/v1/changes/${id}`)).body;
const answer = (key: string, id: string, step: string) =>
  call<ChangeView>(key, 'POST', `/v1/changes/${id}/${step}`, { reason });

interface Proposal {
  method: string;
  path: string;
  body?: object;
  ifMatch?: boolean;
}

const propose = (by: string, { method, path, body }: Proposal, headers = {}) =>
  console.call<ChangeView>(by, method, path, body, headers);

/** @returns the id of the change, proposed by the first admin and approved by the second */
async function approved(proposal: Proposal): Promise<string> {
  const headers = proposal.ifMatch
    ? { 'if-match': (await call(FIRST_ADMIN, 'GET', proposal.path)).etag ?? '' }
    : {};
  const proposed = await propose(FIRST_ADMIN, proposal, headers);
  expect(proposed).toMatchObject({ status: 202, body: { state: 'proposed' } });
  expect((await console.approve(proposed.body.id)).status).toBe(200);
  return proposed.body.id;
}

const agreement = (from: string, to: string) => ({
  from,
  to,
  classes: ['message'],
  validFrom: new Date(Date.UTC(2027, 0, 1 + ++serial)).toISOString(),
  validTo: new Date(Date.UTC(2027, 0, 1 + serial, 12)).toISOString(),
});
const addAgreement = (from: string, to: string): Proposal => ({
  method: 'POST',
  path: '/v1/agreements',
  body: { terms: agreement(from, to), reason },
});

/** Adds an agreement before the test. @returns its id */
async function givenAgreement(from: string, to: string): Promise<string> {
  const [row] = await console.sql<{ id: string }>(
    `INSERT INTO agreement (id, from_network, to_network, classes, valid_from, valid_to, created_at)
     VALUES (gen_random_uuid(), $1, $2, '{message}', $3, $3::timestamptz + interval '12 hours', now()) RETURNING id`,
    [from, to, new Date(Date.UTC(2027, 0, 1 + ++serial))],
  );
  return row?.id ?? '';
}

const tariff = (from: string, to: string): Proposal => ({
  method: 'POST',
  path: '/v1/tariffs',
  body: {
    terms: {
      from,
      to,
      class: 'message',
      validFrom: new Date(Date.UTC(2027, 0, 1 + ++serial)).toISOString(),
      terminationFee: '0.03',
      switchFee: '0.001',
    },
    reason,
  },
});
const route = (method: string, key: string, network: string): Proposal => ({
  method,
  path: '/v1/routes',
  body: { terms: { kind: 'prefix', key, network }, reason },
});

type BindingKind = ExchangeChange['kind'] | Extract<MembershipChange['kind'], 'network.leave'>;
const ALL = ['fetion', 'matrix', 'xmpp', 'yixin'];

/** Every kind of change that binds a network; the compiler reports a missing one. */
const CASES: Record<
  BindingKind,
  [title: string, binds: string[], make: () => Proposal | Promise<Proposal>][]
> = {
  'agreement.add': [
    ['of a pair binds both ends', ['matrix', 'xmpp'], () => addAgreement('xmpp', 'matrix')],
    ['of all with all binds all', ALL, () => addAgreement('*', '*')],
    ['of one with all binds all', ALL, () => addAgreement('xmpp', '*')],
  ],
  'agreement.replace': [
    [
      'binds the old ends and the new ones',
      ['fetion', 'matrix', 'xmpp'],
      async () => ({
        method: 'PUT',
        path: `/v1/agreements/${await givenAgreement('xmpp', 'matrix')}`,
        body: { terms: agreement('xmpp', 'fetion'), reason },
        ifMatch: true,
      }),
    ],
  ],
  'agreement.end': [
    [
      'binds both ends',
      ['fetion', 'yixin'],
      async () => ({
        method: 'DELETE',
        path: `/v1/agreements/${await givenAgreement('fetion', 'yixin')}`,
        body: { reason },
        ifMatch: true,
      }),
    ],
  ],
  'tariff.add': [
    ['of a pair binds both ends', ['matrix', 'xmpp'], () => tariff('xmpp', 'matrix')],
    ['to one network binds all', ALL, () => tariff('*', 'matrix')],
  ],
  'tariff.pair': [
    [
      'binds both ends',
      ['fetion', 'yixin'],
      () => ({
        method: 'POST',
        path: '/v1/tariffs/pairs',
        body: {
          terms: {
            from: 'fetion',
            to: 'yixin',
            validFrom: FUTURE,
            fees: [
              { direction: 'there', class: 'message', terminationFee: '0.03', switchFee: '0.001' },
              { direction: 'back', class: 'message', terminationFee: '0.02', switchFee: '0.001' },
            ],
          },
          reason,
        },
      }),
    ],
  ],
  'route.set': [
    [
      'binds the new network and the one that had it',
      ['fetion', 'yixin'],
      () => route('POST', '86139', 'yixin'),
    ],
    ['within a prefix takes from its network', ['matrix', 'xmpp'], () => route('POST', '861388', 'xmpp')],
  ],
  'route.remove': [
    [
      'binds the network that has it, and the one that gets it',
      ['matrix', 'xmpp'],
      async () => {
        await console.sql(
          "INSERT INTO route (kind, key, network, since) VALUES ('prefix', '861381', 'xmpp', now())",
        );
        return route('DELETE', '861381', 'xmpp');
      },
    ],
  ],
  'number.port': [
    [
      'binds the network that loses it, and the one that gains it',
      ['xmpp', 'yixin'],
      () => ({
        method: 'POST',
        path: '/v1/routes/ported',
        body: { terms: { number: NUMBER, network: 'xmpp' }, reason },
      }),
    ],
  ],
  'number.restore': [
    [
      'binds the network that has it, and the one that gets it back',
      ['xmpp', 'yixin'],
      () => ({ method: 'DELETE', path: `/v1/routes/ported/${encodeURIComponent(NUMBER)}?reason=back` }),
    ],
  ],
  'phase.set': [
    [
      'binds all',
      ALL,
      () => ({
        method: 'PUT',
        path: '/v1/phase',
        body: { terms: { phase: 'anchor', anchor: 'matrix' }, reason },
        ifMatch: true,
      }),
    ],
  ],
  'network.leave': [
    [
      'within the notice period binds the network',
      ['yixin'],
      () => ({
        method: 'POST',
        path: '/v1/networks/yixin/leave/propose',
        body: { at: new Date(now.getTime() + 5 * DAY_MS).toISOString(), reason },
      }),
    ],
  ],
};

/** Tables that changes of the exchange write, for comparison. */
const exchange = () =>
  console.sql(
    `SELECT (SELECT jsonb_agg(a ORDER BY id) FROM agreement a) AS agreements, (SELECT jsonb_agg(t ORDER BY id) FROM tariff t) AS tariffs,
       (SELECT jsonb_agg(r ORDER BY kind, key) FROM route r) AS routes, (SELECT value FROM setting WHERE key = 'phase') AS phase,
       (SELECT jsonb_agg(jsonb_build_array(slug, status) ORDER BY slug) FROM network) AS networks`,
  );

const unread = async (network: string) => {
  const path = '/v1/announcements?unread=true&limit=200';
  const { body } = await call<{ items: { kind: string; subject: string; words: string }[] }>(
    operatorOf(network),
    'GET',
    path,
  );
  return body.items;
};

describe.each(Object.entries(CASES))('%s', (kind, cases) => {
  test.each(cases)('%s; while one confirmation is missing nothing is applied', async (_, binds, make) => {
    const id = await approved(await make());
    const before = await exchange();
    const waiting = await shown(id);
    expect(waiting).toMatchObject({ state: 'approved', change: { kind } });
    expect(waiting.confirmations.map(({ network, state }) => [network, state])).toEqual(
      binds.map((network) => [network, 'awaited']),
    );
    for (const [at, network] of binds.entries()) {
      expect(await exchange()).toEqual(before);
      expect((await unread(network)).map((one) => [one.kind, one.subject])).toContainEqual([
        'confirmation-needed',
        `change/${id}`,
      ]);
      const { body } = await answer(operatorOf(network), id, 'confirm');
      expect(body.state).toBe(at === binds.length - 1 ? 'applied' : 'approved');
    }
    expect(await exchange()).not.toEqual(before);
    for (const network of binds)
      expect((await unread(network)).map((one) => [one.kind, one.subject])).toContainEqual([
        'change',
        `change/${id}`,
      ]);
  });
});

describe('confirmations', () => {
  test('neither an admin, nor an auditor, nor the operator of a network that it does not bind', async () => {
    const id = await approved(addAgreement('xmpp', 'matrix'));
    for (const step of ['confirm', 'decline']) {
      for (const key of [FIRST_ADMIN, SECOND_ADMIN, console.auditor])
        expect((await answer(key, id, step)).status).toBe(403);
      expect((await answer(operatorOf('fetion'), id, step)).status).toBe(404);
    }
    expect((await call(operatorOf('fetion'), 'GET', `/v1/changes/${id}`)).status).toBe(404);
    const lists = async (network: string) =>
      (await call<{ items: ChangeView[] }>(operatorOf(network), 'GET', '/v1/changes?limit=200')).body.items;
    expect((await lists('fetion')).map((one) => one.id)).not.toContain(id);
    expect((await lists('xmpp')).map((one) => one.id)).toContain(id);
    expect((await shown(id)).confirmations.map(({ state }) => state)).toEqual(['awaited', 'awaited']);
  });

  test('are refused before a second admin has approved the change', async () => {
    const { body } = await propose(FIRST_ADMIN, addAgreement('xmpp', 'matrix'));
    expect((await answer(operatorOf('xmpp'), body.id, 'confirm')).status).toBe(409);
    expect((await shown(body.id)).confirmations).toMatchObject([{ state: 'awaited' }, { state: 'awaited' }]);
  });

  test('a network that is suspended or gone confirms for no other, and one that is gone binds nothing more', async () => {
    for (const network of ['lofter', 'miliao']) {
      await call(FIRST_ADMIN, 'POST', '/v1/networks', { network, name: network });
      await call(FIRST_ADMIN, 'POST', `/v1/networks/${network}/enable`, { reason });
      console.operators[network] = await console.key(`${network} people`, 'operator', network);
    }
    const id = await approved(addAgreement('lofter', 'miliao'));
    await call(FIRST_ADMIN, 'POST', '/v1/networks/lofter/suspend', { reason });
    const elsewhere = await approved(addAgreement('xmpp', 'miliao'));
    expect((await answer(operatorOf('lofter'), elsewhere, 'confirm')).status).toBe(404);
    const removal = await call<ChangeView>(FIRST_ADMIN, 'POST', '/v1/networks/lofter/remove', { reason });
    expect((await console.approve(removal.body.id)).body).toMatchObject({ state: 'applied' });
    expect((await answer(operatorOf('lofter'), elsewhere, 'confirm')).status).toBeGreaterThanOrEqual(400);
    expect((await answer(operatorOf('miliao'), id, 'confirm')).body).toMatchObject({
      state: 'applied',
      confirmations: [{ network: 'miliao', state: 'confirmed' }],
    });
    await call(FIRST_ADMIN, 'POST', '/v1/networks/miliao/suspend', { reason });
    const end = await call<ChangeView>(FIRST_ADMIN, 'POST', '/v1/networks/miliao/remove', { reason });
    expect((await console.approve(end.body.id)).body).toMatchObject({ state: 'applied' });
  });

  test('of all members at the same moment: the change is applied once, and nobody gets an error', async () => {
    const id = await approved(addAgreement('*', '*'));
    const waiting = (await shown(id)).confirmations.map(({ network }) => network);
    const answers = await Promise.all(waiting.map((network) => answer(operatorOf(network), id, 'confirm')));
    expect(answers.map(({ status }) => status)).toEqual(waiting.map(() => 200));
    expect(answers.filter(({ body }) => body.state === 'applied')).toHaveLength(1);
    expect(await shown(id)).toMatchObject({ state: 'applied' });
  });

  test('a network that became a member since the approval confirms, too', async () => {
    const id = await approved(addAgreement('*', '*'));
    await call(FIRST_ADMIN, 'POST', '/v1/networks', { network: 'laiwang', name: 'Laiwang' });
    await call(FIRST_ADMIN, 'POST', '/v1/networks/laiwang/enable', { reason });
    const waiting = (await shown(id)).confirmations.map(({ network }) => network);
    for (const network of waiting) await answer(operatorOf(network), id, 'confirm');
    expect((await shown(id)).confirmations.filter(({ state }) => state === 'awaited')).toMatchObject([
      { network: 'laiwang' },
    ]);
    await call(FIRST_ADMIN, 'POST', '/v1/networks/laiwang/suspend', { reason });
    const removal = await call<ChangeView>(FIRST_ADMIN, 'POST', '/v1/networks/laiwang/remove', { reason });
    expect((await console.approve(removal.body.id)).body).toMatchObject({ state: 'applied' });
  });
});

describe('an end without effect', () => {
  test('a decline ends the change for all, and all members that it binds get the reason', async () => {
    const id = await approved(addAgreement('xmpp', 'matrix'));
    await answer(operatorOf('matrix'), id, 'confirm');
    const before = await exchange();
    const declined = await call<ChangeView>(operatorOf('xmpp'), 'POST', `/v1/changes/${id}/decline`, {
      reason: 'too dear',
    });
    expect(declined.body).toMatchObject({ state: 'declined', endedAt: now.toISOString() });
    for (const network of ['xmpp', 'matrix'])
      expect((await unread(network))[0]).toMatchObject({
        kind: 'change',
        subject: `change/${id}`,
        words: expect.stringContaining('xmpp says: too dear') as string,
      });
    const path = '/v1/changes?state=declined&mine=true';
    const mine = (await call<{ items: ChangeView[] }>(FIRST_ADMIN, 'GET', path)).body.items;
    expect(mine.map((one) => one.id)).toContain(id);
    expect((await answer(operatorOf('matrix'), id, 'confirm')).status).toBe(409);
    expect(await exchange()).toEqual(before);
  });

  test('a network that has confirmed may still decline while another is awaited', async () => {
    const id = await approved(addAgreement('xmpp', 'matrix'));
    await answer(operatorOf('xmpp'), id, 'confirm');
    expect((await answer(operatorOf('xmpp'), id, 'decline')).body).toMatchObject({ state: 'declined' });
  });

  test('a change that is not confirmed in 14 days expires, and the members that were asked are notified', async () => {
    const proposedOnly = (await propose(FIRST_ADMIN, addAgreement('xmpp', 'matrix'))).body.id;
    const id = await approved(addAgreement('xmpp', 'matrix'));
    await answer(operatorOf('xmpp'), id, 'confirm');
    now = new Date(now.getTime() + 14 * DAY_MS);
    expect((await answer(operatorOf('matrix'), id, 'confirm')).status).toBe(409);
    expect((await console.approve(proposedOnly)).status).toBe(409);
    await console.app.get(ChangeExpiry).round();
    expect(await shown(id)).toMatchObject({ state: 'expired', endedAt: now.toISOString() });
    expect(await shown(proposedOnly)).toMatchObject({ state: 'expired' });
    for (const network of ['xmpp', 'matrix'])
      expect(await unread(network)).toContainEqual(
        expect.objectContaining({
          kind: 'change',
          subject: `change/${id}`,
          words: expect.stringContaining('expired before every network had confirmed it') as string,
        }),
      );
    const [last] = await console.sql<{ actor: string; action: string }>(
      "SELECT actor, action FROM audit WHERE change ->> 'id' = $1 ORDER BY seq DESC LIMIT 1",
      [id],
    );
    expect(last).toEqual({ actor: 'hub', action: 'agreement.add expired' });
  });

  test('one person has at most 100 open proposals', async () => {
    const [open] = await console.sql<{ n: number }>(
      'SELECT count(*)::int AS n FROM change_request WHERE ended_at IS NULL AND proposed_by = (SELECT id FROM api_key WHERE prefix = $1 LIMIT 1)',
      [FIRST_ADMIN.slice(0, 9)],
    );
    await console.sql(
      `INSERT INTO change_request (id, kind, body, reason, state, proposed_by, proposed_at, expires_at)
       SELECT gen_random_uuid(), 'network.remove', '{"kind": "network.remove", "network": "xmpp"}', 'many', 'proposed', k.id, now(), $2
       FROM generate_series(1, $3::int), LATERAL (SELECT id FROM api_key WHERE name = $1 LIMIT 1) k`,
      ['first admin', FUTURE, 100 - (open?.n ?? 0)],
    );
    expect(await propose(FIRST_ADMIN, addAgreement('xmpp', 'matrix'))).toMatchObject({ status: 409 });
    expect((await propose(SECOND_ADMIN, addAgreement('xmpp', 'matrix'))).status).toBe(202);
    await console.sql("DELETE FROM change_request WHERE reason = 'many'");
  });
});
