import { tariffBook, type Tariff } from '#clearing';
import { Agreement, AgreementIndex } from '#protocol';
import { routeEffect, targetOf, type RouteRules } from './route-effect.js';
import type { MovedFlow } from './routed-traffic.repository.js';

const ID = '0194f3a2-7c1e-7b60-9d53-2f8e4c6a1b90';
const NOW = new Date('2026-12-01T00:00:00Z');
const tariff = (of: Partial<Tariff>): Tariff => ({
  id: ID,
  from: '*',
  to: '*',
  class: 'message',
  validFrom: '2026-01-01T00:00:00.000000Z',
  terminationFee: 50_000n,
  switchFee: 1000n,
  billAndKeepPermille: null,
  shares: [],
  ...of,
});
const rules: RouteRules = {
  agreements: new AgreementIndex([
    Agreement.parse({
      id: ID,
      from: '*',
      to: '*',
      classes: ['message', 'sms'],
      validFrom: '2026-01-01T00:00:00Z',
    }),
  ]),
  phase: { phase: 'mesh' },
  tariffs: tariffBook([
    tariff({}),
    tariff({ class: 'sms', terminationFee: 100_000n }),
    tariff({ to: 'yixin', terminationFee: 20_000n }),
  ]),
};
const flow = (more: Partial<MovedFlow>): MovedFlow => ({
  from_network: 'fetion',
  to_network: 'matrix',
  class: 'message',
  after: { network: 'yixin', via: 'own' },
  messages: 10,
  senders: 3,
  units: '10',
  sms_units: '20',
  ...more,
});
const effect = (...flows: MovedFlow[]) => routeEffect(flows, 50, rules, NOW);

describe('a change of routes', () => {
  it('reroutes messages, at the price of the other network', () => {
    expect(effect(flow({}))).toMatchObject({
      counted: 50,
      stopped: [],
      rerouted: [
        {
          from: 'fetion',
          to: 'matrix',
          newTo: 'yixin',
          before: { termination: '0.5', switch: '0.01' },
          after: { termination: '0.2', switch: '0.01' },
        },
      ],
      totals: { messages: 0, rerouted: 10, before: { termination: '0.5' }, after: { termination: '0.2' } },
    });
  });

  it('counts segments of what becomes an SMS, and messages of what no longer is one', () => {
    const toSms = flow({ after: { network: 'yixin', via: 'sms' } });
    expect(effect(toSms).rerouted).toMatchObject([{ newClass: 'sms', units: '10', newUnits: '20' }]);
    const fromSms = flow({ class: 'sms', units: '20' });
    expect(effect(fromSms).rerouted).toMatchObject([{ class: 'sms', newClass: 'message', newUnits: '10' }]);
  });

  it.each([
    [null, 'no network would have'],
    [{ network: 'fetion', via: 'own' as const }, 'itself'],
  ])('stops what would have nowhere to go: %j', (after, why) => {
    expect(effect(flow({ after }))).toMatchObject({
      stopped: [{ to: 'matrix', messages: 10, why: expect.stringContaining(why) as string }],
      rerouted: [],
      totals: { messages: 10, rerouted: 0, fees: { termination: '0.5', switch: '0.01' } },
    });
  });

  it('stops what the agreements do not allow there', () => {
    expect(effect(flow({ class: 'media' })).stopped).toMatchObject([{ class: 'media', messages: 10 }]);
  });
});

it.each([
  [{ kind: 'route.remove', terms: { kind: 'sms', key: '86', network: 'yixin' } }, { prefix: '86' }],
  [{ kind: 'route.set', terms: { kind: 'domain', key: 'a.cn', network: 'yixin' } }, { domain: 'a.cn' }],
  [{ kind: 'number.restore', number: '+8613900000001' }, { number: '8613900000001' }],
  [{ kind: 'network.suspend', network: 'yixin' }, undefined],
])('%j is about %j', (change, target) => {
  expect(targetOf(change as Parameters<typeof targetOf>[0])).toEqual(target);
});
