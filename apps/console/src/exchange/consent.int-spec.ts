/** Confirmation by members: a change is applied only after the operator of each network that it binds has confirmed it. */
import { ConsentStage, DAY_MS, reason, type Proposal } from '../../../../test/support/consent-stage.js';
import type { ExchangeChange, MembershipChange } from './changes.js';

const FUTURE = '2027-01-01T00:00:00Z';
const NUMBER = '+8613900000001';

let stage: ConsentStage;

beforeAll(async () => {
  stage = await ConsentStage.open();
});
afterAll(() => stage?.console.close(), 60_000);

/** Adds an agreement before the test. @returns its id */
async function givenAgreement(from: string, to: string): Promise<string> {
  const [row] = await stage.console.sql<{ id: string }>(
    `INSERT INTO agreement (id, from_network, to_network, classes, valid_from, valid_to, created_at)
     VALUES (gen_random_uuid(), $1, $2, '{message}', $3, $3::timestamptz + interval '12 hours', now()) RETURNING id`,
    [from, to, stage.nextDay()],
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
      validFrom: stage.nextDay().toISOString(),
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
    ['of a pair binds both ends', ['matrix', 'xmpp'], () => stage.addAgreement('xmpp', 'matrix')],
    ['of all with all binds all', ALL, () => stage.addAgreement('*', '*')],
    ['of one with all binds all', ALL, () => stage.addAgreement('xmpp', '*')],
  ],
  'agreement.replace': [
    [
      'binds the old ends and the new ones',
      ['fetion', 'matrix', 'xmpp'],
      async () => ({
        method: 'PUT',
        path: `/v1/agreements/${await givenAgreement('xmpp', 'matrix')}`,
        body: { terms: stage.agreement('xmpp', 'fetion'), reason },
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
        await stage.console.sql(
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
        body: { at: new Date(stage.now.getTime() + 5 * DAY_MS).toISOString(), reason },
      }),
    ],
  ],
};

describe.each(Object.entries(CASES))('%s', (kind, cases) => {
  test.each(cases)('%s; while one confirmation is missing nothing is applied', async (_, binds, make) => {
    const id = await stage.approved(await make());
    const before = await stage.exchange();
    const waiting = await stage.shown(id);
    expect(waiting).toMatchObject({ state: 'approved', change: { kind } });
    expect(waiting.confirmations.map(({ network, state }) => [network, state])).toEqual(
      binds.map((network) => [network, 'awaited']),
    );
    for (const [at, network] of binds.entries()) {
      expect(await stage.exchange()).toEqual(before);
      expect((await stage.unread(network)).map((one) => [one.kind, one.subject])).toContainEqual([
        'confirmation-needed',
        `change/${id}`,
      ]);
      const { body } = await stage.answer(stage.operatorOf(network), id, 'confirm');
      expect(body.state).toBe(at === binds.length - 1 ? 'applied' : 'approved');
    }
    expect(await stage.exchange()).not.toEqual(before);
    for (const network of binds)
      expect((await stage.unread(network)).map((one) => [one.kind, one.subject])).toContainEqual([
        'change',
        `change/${id}`,
      ]);
  });
});
