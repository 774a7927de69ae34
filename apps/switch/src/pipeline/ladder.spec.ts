/** A message to a telephone number, whose network's operator has a delivery ladder for what the network does not take. */
import {
  directConversation,
  network,
  networkOf,
  openToAll,
  StandIn,
  telAddress,
  type Address,
  type Agreement,
  type E164,
  type HubEvent,
  type Member,
  type Network,
  type Registry,
  type Route,
} from '#protocol';
import { alice, context, full, message, registryOf } from '../../../../test/support/switch-events.js';
import { decide, type Decision, type DecisionContext } from './decide.js';
import { decideNextStep } from './decide-next-step.js';
import type { Absences } from './step.js';

const [xmpp, fetion, mobile] = [network('xmpp'), network('fetion'), network('mobile')];
const tel = telAddress('+8613800138000' as E164);
const toTheNumber = message({
  subject: directConversation(alice, tel),
  data: { ...message().data, to: tel },
});
const prefix: Route = { kind: 'prefix', key: '8613', network: fetion };
const sms: Route = { kind: 'sms', key: '86', network: mobile };

function member(slug: Network, over: Partial<Member> = {}): Member {
  return { network: slug, name: slug, status: 'live', capabilities: full, ...over };
}
const WANTS_SMS = { standIn: { ...StandIn.parse({}), ladder: ['sms' as const] } };

function away(...networks: Network[]): Absences {
  const since = '2026-11-22T11:00:00.000Z';
  return {
    of: (which) => (networks.includes(which) ? { reason: 'SIGNED_OFF', since } : undefined),
    waiting: () => 0,
  };
}

interface Scene {
  event?: HubEvent;
  policy?: Partial<Member>;
  registry?: Partial<Registry>;
}

function known(over: Partial<DecisionContext>, { policy = WANTS_SMS, registry = {} }: Scene) {
  const members = [member(xmpp), member(fetion, policy), member(mobile)];
  const index = registryOf(members, { routes: [prefix, sms], ...registry });
  return context({ entry: { links: [] }, registry: index, ...over });
}

const placeOf = (decision: Decision): string =>
  decision.verdict === 'forward' ? networkOf(decision.event.data.to) : decision.code;

/** @returns the network to which it goes, or the code with which it ends */
function goesTo(over: Partial<DecisionContext>, scene: Scene = {}): string {
  return placeOf(decide(scene.event ?? toTheNumber, known(over, scene)));
}

test('it goes as SMS, and to the network itself once that is back', () => {
  expect(goesTo({ absences: away(fetion) })).toBe(mobile);
  expect(goesTo({ absences: away() })).toBe(fetion);
});

test('it waits for the network if the operator wants nothing else', () => {
  expect(goesTo({ absences: away(fetion) }, { policy: {} })).toBe(fetion);
});

test('it waits where SMS is not agreed, has no route, or is away as well', () => {
  const agreements: Agreement[] = [
    { id: 'a', from: xmpp, to: '*', classes: ['message'], validFrom: '2026-01-01T00:00:00Z' },
  ];
  expect(goesTo({ absences: away(fetion) }, { registry: { agreements } })).toBe(fetion);
  expect(goesTo({ absences: away(fetion) }, { registry: { routes: [prefix] } })).toBe(fetion);
  expect(goesTo({ absences: away(fetion, mobile) })).toBe(fetion);
});

test('whoever blocked the sender gets no SMS either', () => {
  const recipient = 'im:8613800138000@fetion' as Address;
  const consents = new Map([[recipient, { ...openToAll(recipient), blocked: [alice] }]]);
  expect(goesTo({ absences: away(fetion), consents })).toBe('40');
});

test('an edit waits for the network that has the message', () => {
  const { data } = toTheNumber;
  const edit = { ...toTheNumber, data: { ...data, content: { ...data.content, replaces: message().id } } };
  expect(goesTo({ absences: away(fetion) }, { event: edit })).toBe(fetion);
});

test('the network has half a minute for it, or less if the message wants that', () => {
  const expiryOf = (event: HubEvent, policy?: Partial<Member>) => {
    const decision = decide(event, known({}, policy ? { policy } : {}));
    return decision.verdict === 'forward' && 'expirytime' in decision.event && decision.event.expirytime;
  };
  expect(expiryOf(toTheNumber)).toBe('2026-11-22T12:00:30.000Z');
  const soon = { ...toTheNumber, expirytime: '2026-11-22T12:00:10Z' };
  expect(expiryOf(soon)).toBe(soon.expirytime);
  expect(expiryOf(toTheNumber, {})).toBe('2026-11-24T12:00:00.000Z');
});

describe('that the network did not take', () => {
  const again = (over: Partial<DecisionContext> = {}, scene: Scene = {}, tried = fetion) =>
    decideNextStep(scene.event ?? toTheNumber, tried, known(over, scene));

  test('goes as SMS, and is stored beside the first attempt', () => {
    expect(again()).toMatchObject({
      verdict: 'forward',
      storeId: `xmpp:${toTheNumber.id}:tel:sms`,
      event: { id: toTheNumber.id, resolvedby: 'sms', data: { to: 'im:8613800138000@mobile' } },
    });
  });

  test('does not, if the network that says so does not have the number', () => {
    expect(placeOf(again({}, {}, mobile))).toBe('92');
    const entry = { ported: { network: mobile }, links: [] };
    expect(placeOf(again({ entry }))).toBe('92');
  });

  test('does not, if its network speaks for another one, or for a person of another one', () => {
    const { data } = toTheNumber;
    const someone = { address: 'im:bob@mobile' as Address };
    const forged = { ...toTheNumber, data: { ...data, from: someone } };
    expect(placeOf(again({}, { event: forged }))).toBe('31');
    expect(placeOf(again({}, { event: { ...toTheNumber, source: '/network/fetion' } }))).toBe('31');
  });

  test('does not, if the recipient blocked the sender, SMS is not agreed, or the operator does not want it', () => {
    const recipient = 'im:8613800138000@fetion' as Address;
    const consents = new Map([[recipient, { ...openToAll(recipient), blocked: [alice] }]]);
    expect(placeOf(again({ consents }))).toBe('92');
    const onSms = 'im:8613800138000@mobile' as Address;
    const stopped = new Map([[onSms, { ...openToAll(onSms), blocked: [alice] }]]);
    expect(placeOf(again({ consents: stopped }))).toBe('40');
    expect(placeOf(again({}, { registry: { agreements: [] } }))).toBe('92');
    expect(placeOf(again({}, { policy: {} }))).toBe('92');
  });
});

test('a call to a number that no network has rings its telephone, where that is agreed', () => {
  const { data: _data, ...envelope } = toTheNumber;
  const data = { from: { address: alice }, to: tel, action: 'invite' as const, media: 'voice' as const };
  const event = { ...envelope, type: 'im.hutong.call.v1', data } as HubEvent;
  const voice: Route = { kind: 'voice', key: '86', network: mobile };
  const agreed = (...classes: Agreement['classes']): Agreement[] => [
    { id: 'a', from: xmpp, to: '*', classes, validFrom: '2026-01-01T00:00:00Z' },
  ];
  expect(goesTo({}, { event, registry: { routes: [voice, sms], agreements: agreed('call') } })).toBe(mobile);
  expect(goesTo({}, { event, registry: { routes: [voice, prefix], agreements: agreed('call') } })).toBe(
    fetion,
  );
  expect(goesTo({}, { event, registry: { routes: [voice], agreements: agreed('sms') } })).toBe('92');
  expect(goesTo({}, { event, registry: { routes: [sms], agreements: agreed('call', 'sms') } })).toBe('92');
});

describe('a ladder of several steps', () => {
  const [maap, carrier, telephone] = [network('maap'), network('carrier'), network('telephone')];
  const steps = (...ladder: ('rcs' | 'sms' | 'voice')[]): Partial<Member> => ({
    standIn: { ...StandIn.parse({}), ladder },
  });
  const all = steps('rcs', 'sms', 'voice');
  const routes: Route[] = [
    prefix,
    { kind: 'rcs', key: '86', network: maap },
    { kind: 'sms', key: '86', network: carrier },
    { kind: 'voice', key: '86', network: telephone },
  ];
  const scene = (policy: Partial<Member>, absent: Network[] = [], over: Partial<Registry> = {}) => {
    const members = [
      member(xmpp),
      member(fetion, policy),
      ...[maap, carrier, telephone].map((one) => member(one)),
    ];
    const registry = registryOf(members, { routes, ...over });
    return context({ entry: { links: [] }, registry, absences: away(...absent) });
  };
  const after = (tried: Network, policy = all, absent: Network[] = []) =>
    decideNextStep(toTheNumber, tried, scene(policy, absent));

  test('goes from one network to the next, and ends after the last', () => {
    expect(placeOf(decide(toTheNumber, scene(all)))).toBe(fetion);
    expect(placeOf(after(fetion))).toBe(maap);
    expect(placeOf(after(maap))).toBe(carrier);
    expect(placeOf(after(carrier))).toBe(telephone);
    expect(placeOf(after(telephone))).toBe('92');
    expect(placeOf(after(xmpp))).toBe('92');
  });

  test('takes the steps in the order of the operator', () => {
    const other = steps('voice', 'sms');
    expect(placeOf(after(fetion, other))).toBe(telephone);
    expect(placeOf(after(telephone, other))).toBe(carrier);
    expect(placeOf(after(maap, other))).toBe('92');
  });

  test('leaves out what is away, and begins where somebody is there', () => {
    expect(placeOf(after(fetion, all, [maap]))).toBe(carrier);
    expect(placeOf(decide(toTheNumber, scene(all, [fetion, maap])))).toBe(carrier);
    expect(placeOf(decide(toTheNumber, scene(all, [fetion, maap, carrier, telephone])))).toBe(fetion);
  });

  test('each step has its time, and the last as long as any message', () => {
    const secondsOf = (decision: Decision) =>
      decision.verdict === 'forward' && 'expirytime' in decision.event
        ? (Date.parse(decision.event.expirytime ?? '') - context().now.getTime()) / 1000
        : undefined;
    expect(secondsOf(decide(toTheNumber, scene(all)))).toBe(30);
    expect(secondsOf(after(fetion))).toBe(120);
    expect(secondsOf(after(maap))).toBe(3600);
    expect(secondsOf(after(carrier))).toBe(48 * 3600);
  });

  test('a step that is not agreed is left out', () => {
    const agreements: Agreement[] = [
      { id: 'a', from: xmpp, to: '*', classes: ['message', 'call'], validFrom: '2026-01-01T00:00:00Z' },
    ];
    const decision = decideNextStep(toTheNumber, maap, scene(all, [], { agreements }));
    expect(placeOf(decision)).toBe(telephone);
  });
});
