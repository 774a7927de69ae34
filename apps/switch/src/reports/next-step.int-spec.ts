/** A network reports that it did not take a message to a number. The operator of the number's network wants SMS then. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import {
  deliveryKey,
  directConversation,
  encodeEvent,
  encodeOutcome,
  eventId,
  HUB,
  network,
  networkOf,
  StandIn,
  subjects,
  telAddress,
  type Address,
  type E164,
  type EventId,
  type MessageEvent,
  type Network,
  type Outcome,
  type ResultCode,
} from '#protocol';
import { HubFixture } from '../../../../test/support/hub-fixture.js';
import { alice, full, message, registryOf } from '../../../../test/support/switch-events.js';
import type { LocalViews } from '../registry/local-views.js';
import { NextStep } from './next-step.js';

const [xmpp, fetion, mobile, other] = [
  network('xmpp'),
  network('fetion'),
  network('mobile'),
  network('other'),
];
const tel = telAddress('+8613800138000' as E164);

let hub: HubFixture;
let nextStep: NextStep;

beforeAll(async () => {
  hub = await HubFixture.open();
  for (const slug of [xmpp, fetion, mobile, other]) await hub.admit(slug, full);
  nextStep = new NextStep(hub.link, views(), hub.publisher, await hub.grants(), pino({ level: 'silent' }));
});

afterAll(() => hub?.close());

/** What the console has published: fetion has the number and wants SMS for what it does not take. */
function views(): LocalViews {
  const standIn = { ...StandIn.parse({}), ladder: ['sms' as const] };
  const members = [xmpp, fetion, mobile, other].map((one) => ({
    network: one,
    name: one,
    status: 'live' as const,
    capabilities: full,
    ...(one === fetion ? { standIn } : {}),
  }));
  const routes = [
    { kind: 'prefix' as const, key: '8613', network: fetion },
    { kind: 'sms' as const, key: '86', network: mobile },
  ];
  return {
    registry: { current: registryOf(members, { routes }) },
    consents: new Map(),
    absences: { of: () => undefined, waiting: () => 0 },
    directory: { known: () => ({ links: [] }) },
  } as unknown as LocalViews;
}

/** Alice writes to the number: the bus has accepted it. */
async function accepted(): Promise<MessageEvent> {
  const event = message({
    id: eventId(xmpp, 'message', randomUUID()),
    time: new Date().toISOString(),
    subject: directConversation(alice, tel),
    data: { ...message().data, to: tel },
  });
  await hub.publisher.publish(subjects.event(xmpp, event.id), encodeEvent(event), event.id);
  return event;
}

function failed(event: MessageEvent, by: Network, code: ResultCode = '14'): Outcome {
  return {
    event: event.id,
    conversation: event.subject,
    kind: 'message',
    by: 'adapter',
    stage: 'failed',
    code,
    from: { address: alice },
    to: `im:8613800138000@${by}` as Address,
    at: new Date().toISOString(),
  };
}

async function routedTo(id: EventId): Promise<string[]> {
  const { jsm } = hub.link.session ?? {};
  const { state } = (await jsm?.streams.info('HUB_OUT')) ?? { state: undefined };
  const found: string[] = [];
  for (let seq = state?.first_seq ?? 1; seq <= (state?.last_seq ?? 0); seq++) {
    const stored = await jsm?.streams.getMessage('HUB_OUT', { seq });
    const event = stored?.json<MessageEvent>();
    if (event?.id === id) found.push(networkOf(event.data.to));
  }
  return found;
}

test('it goes as SMS, once, however often that is reported', async () => {
  const event = await accepted();
  expect(await nextStep.take(failed(event, fetion), fetion)).toBe(true);
  expect(await nextStep.take(failed(event, fetion), fetion)).toBe(true);
  expect(await routedTo(event.id)).toEqual([mobile]);
});

test('a message that the switch refused does not go, whoever says that they did not take it', async () => {
  const event = await accepted();
  const refusal: Outcome = { ...failed(event, fetion, '65'), by: 'switch', to: tel };
  await hub.publisher.publish(
    subjects.delivered(HUB, deliveryKey(xmpp, event.id), 'refused'),
    encodeOutcome(refusal),
    `${event.id}:switch`,
  );
  expect(await nextStep.take(failed(event, fetion), fetion)).toBe(false);
  expect(await routedTo(event.id)).toEqual([]);
});

test('it does not go after a network that is on no ladder, or about somebody else’s delivery', async () => {
  const event = await accepted();
  expect(await nextStep.take(failed(event, other), other)).toBe(false);
  expect(await nextStep.take(failed(event, fetion), other)).toBe(false);
  expect(await nextStep.take(failed(event, fetion, '103'), fetion)).toBe(false);
  expect(await routedTo(event.id)).toEqual([]);
});
