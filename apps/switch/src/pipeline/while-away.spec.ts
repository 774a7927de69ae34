/** A message to a telephone number whose network is away, and whose operator wants SMS then. */
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
import { decide, type DecisionContext } from './decide.js';
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
const WANTS_SMS = { standIn: { ...StandIn.parse({}), numbersWhileAway: 'sms' as const } };

function away(...networks: Network[]): Absences {
  const since = '2026-11-22T11:00:00.000Z';
  return {
    of: (which) => (networks.includes(which) ? { reason: 'SIGNED_OFF', since } : undefined),
    waiting: () => 0,
  };
}

/** @returns the network to which it goes, or the code with which it ends */
function goesTo(
  over: Partial<DecisionContext>,
  {
    event = toTheNumber,
    policy = WANTS_SMS,
    registry = {},
  }: {
    event?: HubEvent;
    policy?: Partial<Member>;
    registry?: Partial<Registry>;
  } = {},
): string {
  const members = [member(xmpp), member(fetion, policy), member(mobile)];
  const known = registryOf(members, { routes: [prefix, sms], ...registry });
  const decision = decide(event, context({ entry: { links: [] }, registry: known, ...over }));
  return decision.verdict === 'forward' ? networkOf(decision.event.data.to) : decision.code;
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
