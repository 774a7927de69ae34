import fc from 'fast-check';
import {
  pathOf,
  addressOf,
  directConversation,
  network,
  openToAll,
  telAddress,
  trafficOf,
  type Address,
  type Agreement,
  type Consent,
  type DirectoryEntry,
  type E164,
  type HubEvent,
  type Member,
  type MessageEvent,
  type Network,
  type Registry,
  type Route,
  EMPTY,
  markdownText,
  plainText,
  type Capabilities,
} from '#protocol';
import { alice, bob, context, full, message, registryOf } from '../../../../test/support/switch-events.js';
import { reserve } from '../limits/reserve.js';
import { CHECKS, decide, FORMING, type DecisionContext } from './decide.js';

const [xmpp, matrix, fetion] = [network('xmpp'), network('matrix'), network('fetion')];
function messageTo(to: Address): MessageEvent {
  return message({ subject: directConversation(alice, to), data: { ...message().data, to } });
}

function suspended(which: Network): DecisionContext {
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
      storeId: `xmpp:${message().id}:matrix`,
    });
    expect(decision.verdict === 'forward' && decision.event.path).toBe('xmpp,matrix');
  });

  test.each<[string, string, HubEvent, DecisionContext]>([
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
    ['a path that does not end with the source', '30', message({ path: pathOf(matrix) }), context()],
    ['a destination that was passed already', '71', message({ path: pathOf(matrix, xmpp) }), context()],
    ['too many hops', '71', message({ path: pathOf(fetion, network('a'), network('b'), xmpp) }), context()],
    ['an unknown network', '15', messageTo(addressOf(fetion, '1')), context()],
    ['a suspended destination', '91', message(), suspended(matrix)],
  ])('%s: %s', (_, code, event, given) => {
    expect(decide(event, given)).toMatchObject({ verdict: 'end', code });
  });

  test('another name of a network is that network, and the conversation is the one with the real person', () => {
    const registry = registryOf([...context().registry.members.values()], {
      routes: [{ kind: 'domain', key: 'element', network: matrix }],
    });
    const alias = addressOf(network('element'), '@bob:example.org');
    const event = message({
      subject: directConversation(alice, alias),
      data: { ...message().data, to: alias },
    });
    const decision = decide(event, context({ registry }));
    expect(decision).toMatchObject({
      verdict: 'forward',
      event: { resolvedby: 'domain', subject: directConversation(alice, bob), data: { to: bob } },
    });
  });

  test('the resolution that a network wrote into its event is not forwarded', () => {
    const decision = decide(message({ resolvedby: 'sms' }), context());
    expect(decision.verdict === 'forward' && decision.event.resolvedby).toBeUndefined();
  });

  test('people of an operator receive nothing from a sender whom it blocks, and the sender gets no reason', () => {
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
    const limits = { reserve: () => 'over the limit: 5 messages a second, xmpp>matrix; again in 1 s' };
    expect(decide(message(), context({ limits }))).toMatchObject({
      verdict: 'end',
      code: '65',
      detail: expect.stringContaining('5 messages a second') as string,
    });
  });

  test('a network with too many complaints is throttled, then stopped, and the codes say which', () => {
    const judged: unknown[] = [];
    const limits = { reserve: (_: HubEvent, agreed: unknown) => void judged.push(agreed) };
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
      const [from, to] = [addressOf(here, 'x'), addressOf(there, 'x')];
      const next = {
        ...event,
        source: `/network/${here}`,
        subject: directConversation(from, to),
        path: hops === 0 ? pathOf(here) : event.path,
        data: { ...event.data, from: { address: from }, to },
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

  test('no step throws for any event that passes the schema', () => {
    const networks = fc.constantFrom(xmpp, matrix, fetion);
    fc.assert(
      fc.property(
        networks,
        networks,
        fc.array(networks, { minLength: 1, maxLength: 5 }),
        networks,
        (from, to, [first = xmpp, ...others], source) => {
          const [author, recipient] = [addressOf(from, 'x'), addressOf(to, 'y')];
          const event = message({
            path: pathOf(first, ...others),
            source: `/network/${source}`,
            subject: directConversation(author, recipient),
            data: { ...message().data, from: { address: author }, to: recipient },
          });
          expect(['forward', 'end']).toContain(decide(event, context({ source })).verdict);
        },
      ),
    );
  });

  test('the steps are those of the design, in its order', () => {
    expect([...CHECKS, reserve, ...FORMING].map((step) => step.name)).toEqual([
      'authenticateSource',
      'canonicalise',
      'checkConversation',
      'deduplicate',
      'stopLoops',
      'resolve',
      'checkAgreement',
      'checkConsent',
      'checkBlocked',
      'checkRisk',
      'reserve',
      'degrade',
      'standIn',
    ]);
  });
});

describe('content that the destination cannot show', () => {
  const styled = message({ data: { ...message().data, content: { body: markdownText('**hi**') } } });
  const recall = message({
    data: { ...message().data, content: { replaces: message().id, body: EMPTY } },
  });
  const decided = (event: HubEvent, lacking: Partial<Capabilities['features']>, degrades?: true) => {
    const capabilities = {
      ...full,
      features: { ...full.features, ...lacking },
      ...(degrades && { degrades }),
    };
    const members = context().registry.snapshot.members.map((member) =>
      member.network === matrix ? { ...member, capabilities } : member,
    );
    return decide(event, context({ registry: registryOf(members) }));
  };

  test('is degraded by the switch for an adapter that does not do that', () => {
    expect(decided(styled, { formatting: 0 })).toMatchObject({
      event: { data: { content: { body: plainText('hi') }, degradations: [{ feature: 'formatting' }] } },
    });
  });

  test('is passed on unchanged to an adapter that degrades, so that it is degraded once', () => {
    expect(decided(styled, { formatting: 0 }, true)).toMatchObject({
      verdict: 'forward',
      event: { data: styled.data },
    });
  });

  test('is refused here in both cases when the network drops or rejects it', () => {
    for (const degrades of [undefined, true] as const) {
      expect(decided(recall, { recall: -1 }, degrades)).toMatchObject({ verdict: 'end', code: '12' });
      expect(decided(recall, { recall: -2 }, degrades)).toMatchObject({ verdict: 'end', code: '12' });
    }
  });
});

describe('messages that the recipient does not accept', () => {
  const carol = addressOf(xmpp, 'carol@example.org');
  const kinds: HubEvent[] = [
    message(),
    {
      ...message(),
      type: 'im.hutong.contact.v1',
      data: { from: { address: alice }, to: bob, action: 'request' },
    },
    {
      ...message(),
      type: 'im.hutong.typing.v1',
      data: { from: { address: alice }, to: bob, state: 'composing', ttlMs: 1000 },
    },
    {
      ...message(),
      type: 'im.hutong.presence.v1',
      data: { from: { address: alice }, to: bob, availability: 'available' },
    },
  ];
  const consents = (over: Partial<Consent>) => new Map([[bob, { ...openToAll(bob), ...over }]]);

  test.each(kinds.map((event) => [event.type, event] as const))(
    '%s of one who is blocked: 40',
    (_, event) => {
      const blocked = decide(event, context({ consents: consents({ blocked: [alice] }) }));
      const nobody = decide(event, context({ consents: consents({ reach: 'nobody' }) }));
      expect(blocked).toMatchObject({ verdict: 'end', code: '40' });
      // The sender must not see which of the two it is.
      expect(blocked).toEqual(nobody);
    },
  );

  test.each<[string, Partial<Consent>, 'forward' | 'end']>([
    ['of one whom he named', { reach: 'contacts', contacts: [alice] }, 'forward'],
    ['of a stranger', { reach: 'contacts', contacts: [carol] }, 'end'],
    [
      'of one whom he named and then blocked',
      { reach: 'contacts', contacts: [alice], blocked: [alice] },
      'end',
    ],
    ['while another is blocked', { blocked: [carol] }, 'forward'],
  ])('a message %s', (_, consent, verdict) => {
    expect(decide(message(), context({ consents: consents(consent) })).verdict).toBe(verdict);
  });
});

describe('a number as the recipient', () => {
  const number = '+8613800138000' as E164;
  const tel = telAddress(number);
  const mobile = network('mobile');
  const toTheNumber = message({
    subject: directConversation(alice, tel),
    data: { ...message().data, to: tel },
  });
  const member = (slug: Network, over: Partial<Member> = {}): Member => ({
    network: slug,
    name: slug,
    status: 'live',
    capabilities: full,
    ...over,
  });
  const routes: Route[] = [
    { kind: 'prefix', key: '86', network: matrix },
    { kind: 'prefix', key: '8613', network: fetion },
  ];
  const decideWith = (
    entry: DirectoryEntry,
    over: Partial<Registry> = {},
    members = [member(xmpp), member(matrix), member(fetion), member(mobile)],
  ) => decide(toTheNumber, context({ entry, registry: registryOf(members, over) }));
  const nothing: DirectoryEntry = { links: [] };

  test.each<[string, DirectoryEntry, string, string]>([
    [
      'where it was ported to, whatever else is known',
      { ported: { network: matrix }, links: [addressOf(fetion, '1')] },
      'im:8613800138000@matrix',
      'ported',
    ],
    [
      'to the very address, if one is given',
      { ported: { network: matrix, address: bob }, links: [] },
      bob,
      'ported',
    ],
    ['to the person’s preferred network', { links: [bob, addressOf(fetion, '1')] }, bob, 'preferred'],
    ['else to the network with the longest prefix', nothing, 'im:8613800138000@fetion', 'own'],
  ])('goes %s', (_, entry, to, resolvedby) => {
    expect(decideWith(entry, { routes })).toMatchObject({
      verdict: 'forward',
      // The same id wherever it goes: decided again after a move, it is not stored a second time.
      storeId: `xmpp:${toTheNumber.id}:tel`,
      event: { resolvedby, data: { to }, subject: directConversation(alice, to as Address) },
    });
  });

  test('is written as the network writes its ids', () => {
    const noCountry = { capabilities: { ...full, numbersWithout: '86' } };
    const members = [member(xmpp), member(fetion, noCountry)];
    expect(decideWith(nothing, { routes }, members)).toMatchObject({
      event: { data: { to: 'im:13800138000@fetion' } },
    });
  });

  test('goes to the next best while the preferred network takes no part', () => {
    const members = [member(xmpp), member(matrix, { status: 'suspended' }), member(fetion)];
    const other = addressOf(fetion, '1');
    expect(decideWith({ links: [bob, other] }, {}, members)).toMatchObject({
      event: { data: { to: other } },
    });
    expect(decideWith({ links: [bob] }, {}, members)).toMatchObject({ verdict: 'end', code: '91' });
  });

  test('goes as an SMS only where that is agreed, and counts as one', () => {
    const sms: Route[] = [{ kind: 'sms', key: '86', network: mobile }];
    const agreed = decideWith(nothing, { routes: sms });
    expect(agreed).toMatchObject({ event: { resolvedby: 'sms', data: { to: 'im:8613800138000@mobile' } } });
    expect(agreed.verdict === 'forward' && trafficOf(agreed.event)).toEqual({ class: 'sms', units: 1 });
    const agreements: Agreement[] = [
      { id: 'a', from: xmpp, to: mobile, classes: ['message'], validFrom: '2026-01-01T00:00:00Z' },
    ];
    expect(decideWith(nothing, { routes: sms, agreements })).toMatchObject({ verdict: 'end', code: '92' });
  });

  test.each<[string, HubEvent, DirectoryEntry]>([
    ['nobody has', toTheNumber, nothing],
    ['is of the sender’s own network', toTheNumber, { links: [addressOf(xmpp, 'x')] }],
    ['is none', messageTo('im:hello@tel' as Address), nothing],
  ])('that %s: 92, never a guess', (_, event, entry) => {
    expect(decide(event, context({ entry }))).toMatchObject({ verdict: 'end', code: '92' });
  });

  test('whose owner does not accept it: 40', () => {
    const consents = new Map([[bob, { ...openToAll(bob), blocked: [alice] }]]);
    expect(decide(toTheNumber, context({ entry: { links: [bob] }, consents }))).toMatchObject({ code: '40' });
  });
});
