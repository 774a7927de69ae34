import fc from 'fast-check';
import { addressOf, network, type HubEvent, type MessageEvent, type Network } from '#protocol';
import { alice, bob, context, message, registryOf } from '../testing/events.js';
import { decide, PIPELINE } from './decide.js';
import type { StepContext } from './step.js';

const [xmpp, matrix, fetion] = [network('xmpp'), network('matrix'), network('fetion')];
function suspended(which: Network): StepContext {
  const members = new Map(context().registry.members);
  members.set(which, { network: which, name: which, status: 'suspended' });
  return context({ registry: registryOf([...members.values()]) });
}

describe('the switch decides', () => {
  test('a message of a live network to a live network goes out on its conversation’s lane', () => {
    const decision = decide(message(), context());
    expect(decision).toMatchObject({
      verdict: 'forward',
      subject: expect.stringMatching(/^hub\.out\.matrix\.[0-7]$/) as string,
      storeId: `${message().id}:matrix`,
    });
    expect(decision.verdict === 'forward' && decision.event.path).toEqual([xmpp, matrix]);
  });

  test.each<[string, string, HubEvent, StepContext]>([
    [
      'a network that speaks for another by its source',
      '31',
      message({ source: '/network/matrix' }),
      context(),
    ],
    [
      'a network that speaks for an address of another',
      '31',
      message({ data: { ...message().data, from: { address: bob } } }),
      context(),
    ],
    ['a network that is not a member', '36', message(), context({ registry: registryOf([]) })],
    ['a suspended source', '36', message(), suspended(xmpp)],
    ['the same event twice', '94', message(), context({ seen: { has: () => true } })],
    ['a path that does not end with the source', '30', message({ path: [matrix] }), context()],
    ['a destination that was passed already', '71', message({ path: [matrix, xmpp] }), context()],
    ['too many hops', '71', message({ path: [fetion, network('a'), network('b'), xmpp] }), context()],
    [
      'an unknown network',
      '15',
      message({ data: { ...message().data, to: addressOf(fetion, '1') } }),
      context(),
    ],
    ['a suspended destination', '91', message(), suspended(matrix)],
  ])('%s: %s', (_, code, event, given) => {
    expect(decide(event, given)).toMatchObject({ verdict: 'end', code });
  });

  test('whom an operator does not let through, his people do not hear, and he is not told why', () => {
    const { members } = context().registry.snapshot;
    const toMatrix = registryOf(members, { blocked: [{ address: alice, network: network('matrix') }] });
    expect(decide(message(), context({ registry: toMatrix }))).toMatchObject({
      code: '40',
      detail: 'not accepted',
    });
    const toFetion = registryOf(members, { blocked: [{ address: alice, network: fetion }] });
    expect(decide(message(), context({ registry: toFetion }))).toMatchObject({ verdict: 'forward' });
    const everywhere = registryOf(members, { blocked: [{ address: alice }] });
    expect(decide(message(), context({ registry: everywhere }))).toMatchObject({ code: '40' });
  });

  test('over a limit: 65, with the limit in the trace', () => {
    const limits = { judge: () => 'over the limit: 5 messages a second, xmpp>matrix; again in 1 s' };
    expect(decide(message(), context({ limits }))).toMatchObject({
      verdict: 'end',
      code: '65',
      detail: expect.stringContaining('5 messages a second') as string,
    });
  });

  test('a network about which too many complain is throttled, then stopped; it is told which', () => {
    const judged: unknown[] = [];
    const limits = { judge: (_: HubEvent, agreed: unknown) => void judged.push(agreed) };
    const of = (risk: 'throttled' | 'suspended') =>
      context({
        limits,
        registry: registryOf(context().registry.snapshot.members.map((member) => ({ ...member, risk }))),
      });
    expect(decide(message(), of('throttled'))).toMatchObject({ verdict: 'forward' });
    expect(judged).toEqual([{ perSecond: 10, perSenderPerMinute: 6, newContactsPerDay: 5 }]);
    expect(decide(message(), of('suspended'))).toMatchObject({
      code: '57',
      detail: expect.stringContaining('too many complaints') as string,
    });
  });

  test('only the switch makes reports', () => {
    const report: HubEvent = {
      ...message(),
      type: 'im.hutong.report.v1',
      data: {
        from: { address: alice },
        to: bob,
        message: message().id,
        code: '14',
        at: '2026-11-22T12:00:00Z',
      },
    };
    expect(decide(report, context())).toMatchObject({ verdict: 'end', code: '57' });
  });

  test('the path grows by one at every pass, so that a loop ends within the hop limit', () => {
    const ring = ['a', 'b', 'c', 'd', 'e', 'f'].map(network);
    const members = new Map(ring.map((one) => [one, { network: one, name: one, status: 'live' as const }]));
    let event: MessageEvent = message();
    let hops = 0;
    for (; hops < 20; hops++) {
      const [here, there] = [ring[hops % 6] as Network, ring[(hops + 1) % 6] as Network];
      const next = {
        ...event,
        source: `/network/${here}`,
        path: hops === 0 ? [here] : event.path,
        data: { ...event.data, from: { address: addressOf(here, 'x') }, to: addressOf(there, 'x') },
      };
      const decision = decide(next, context({ source: here, registry: registryOf([...members.values()]) }));
      if (decision.verdict === 'end') {
        expect(decision.code).toBe('71');
        break;
      }
      event = decision.event as MessageEvent;
    }
    expect(hops).toBeLessThanOrEqual(4);
  });

  test('no step throws, whatever passes the schema', () => {
    const networks = fc.constantFrom(xmpp, matrix, fetion);
    fc.assert(
      fc.property(
        networks,
        networks,
        fc.array(networks, { maxLength: 5 }),
        networks,
        (from, to, path, source) => {
          const event = message({
            path,
            source: `/network/${source}`,
            data: { ...message().data, from: { address: addressOf(from, 'x') }, to: addressOf(to, 'y') },
          });
          expect(['forward', 'end']).toContain(decide(event, context({ source })).verdict);
        },
      ),
    );
  });

  test('the steps are those of the design, in its order', () => {
    expect(PIPELINE.map((step) => step.name)).toEqual([
      'authenticateSource',
      'deduplicate',
      'stopLoops',
      'resolve',
      'checkAgreement',
      'checkBlocked',
      'checkLimits',
      'degrade',
      'standIn',
    ]);
  });
});
