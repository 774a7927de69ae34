/** Promise 5: no echo, no loop. Two adapters wired to echo each other die out; a ghost's own message never comes back. */
import type { TestNetwork } from '#adapter-contract';
import { CONSUMER_GROUP } from '#bus';
import {
  pathOf,
  addressOf,
  consumers,
  decodeOutcome,
  decodeEvent,
  directConversation,
  encodeEvent,
  eventId,
  HOP_LIMIT,
  laneOf,
  network,
  plainText,
  STREAMS,
  subjects,
  type MessageEvent,
  type Outcome,
} from '#protocol';
import { HubFixture, until } from './support/hub-fixture.js';

let hub: HubFixture;
let north: TestNetwork;
let south: TestNetwork;

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.switch();
  [north, south] = [await hub.testNetwork('north'), await hub.testNetwork('south')];
});

afterAll(async () => {
  await hub?.close();
  await north?.close();
  await south?.close();
});

test('a network that gives back everything it is handed makes no echo', async () => {
  // The same native message under the same id, as networks do that show an adapter its own sends.
  south.onAct = (act) => south.replay({ ...act, from: act.to, to: act.from });
  north.act({ kind: 'message', from: 'ann', to: 'sue@south', text: 'echo?' });
  await until('the message', () => south.inbox('sue').length > 0);
  south.onAct = undefined;
  // Sentinels in both directions of the same conversation: an echo would arrive before them.
  north.act({ kind: 'message', from: 'ann', to: 'sue@south', text: 'sentinel of ann' });
  south.act({ kind: 'message', from: 'sue', to: 'ann@north', text: 'sentinel of sue' });
  const texts = (net: TestNetwork, who: string) =>
    net.inbox(who).flatMap(({ kind, text }) => (kind === 'message' ? [text] : []));
  await until('the sentinel of ann', () => texts(south, 'sue').includes('sentinel of ann'));
  await until('the sentinel of sue', () => texts(north, 'ann').includes('sentinel of sue'));
  expect(texts(south, 'sue')).toEqual(['echo?', 'sentinel of ann']);
  expect(texts(north, 'ann')).toEqual(['sentinel of sue']);
});

test('two adapters that send back all they get, path and all, die out within the hop limit', async () => {
  const [east, west] = [network('east'), network('west')];
  for (const net of [east, west]) await hub.admit(net);
  const session = hub.link.session;
  if (!session) throw new Error('no bus');
  let passed = 0;
  const ended: Outcome[] = [];
  const reports = await (
    await session.js.consumers.get(STREAMS.report)
  ).consume({ callback: (message) => void ended.push(decodeOutcome(message.data)) });
  const wired = [east, west].map(async (net) =>
    (await session.js.consumers.get(STREAMS.out, consumers.adapter(net))).consume({
      group: CONSUMER_GROUP,
      callback: (message) => {
        message.ack();
        const event = decodeEvent(message.data);
        if (event.type !== 'im.hutong.message.v1') return;
        passed++;
        const back: MessageEvent = {
          ...event,
          id: eventId(net, 'message', `${event.id}-${passed}`),
          source: `/network/${net}`,
          data: { ...event.data, from: { address: event.data.to }, to: event.data.from.address },
        };
        void hub.publisher.publish(subjects.in(net, laneOf(back.subject)), encodeEvent(back), back.id);
      },
    }),
  );
  const consuming = await Promise.all(wired);
  const [ann, sue] = [addressOf(east, 'ann'), addressOf(west, 'sue')];
  const now = new Date().toISOString();
  const first: MessageEvent = {
    specversion: '1.0',
    id: eventId(east, 'message', 'loop'),
    source: '/network/east',
    type: 'im.hutong.message.v1',
    time: now,
    subject: directConversation(ann, sue),
    datacontenttype: 'application/json',
    path: pathOf(east),
    data: { from: { address: ann }, to: sue, sentAt: now, content: { body: plainText('round and round') } },
  };
  await hub.publisher.publish(subjects.in(east, laneOf(first.subject)), encodeEvent(first), first.id);
  await until('the first pass', () => passed > 0);
  await until('the switch to end the loop', () => ended.some(({ code }) => code === '71'));
  const atTheEnd = passed;
  expect(atTheEnd).toBeLessThanOrEqual(HOP_LIMIT);
  // A sentinel behind the loop, in the same conversation: it passes once on each side, and nothing else does.
  const sentinel = { ...first, id: eventId(east, 'message', 'sentinel') };
  await hub.publisher.publish(
    subjects.in(east, laneOf(sentinel.subject)),
    encodeEvent(sentinel),
    sentinel.id,
  );
  await until(
    'the loop of the sentinel to end',
    () => ended.filter(({ code }) => code === '71').length === 2,
  );
  expect(passed).toBe(2 * atTheEnd);
  for (const one of [...consuming, reports]) await one.close();
});
