/** Promise 5: no echo, no loop. Two adapters wired to echo each other die out; a ghost's own message never comes back. */
import type { TestNetwork } from '#adapter-contract';
import { CONSUMER_GROUP } from '#bus';
import {
  pathOf,
  addressOf,
  consumers,
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
} from '#protocol';
import { HubFixture, until } from './support/hub-fixture.js';

const settled = () => new Promise((resolve) => setTimeout(resolve, 2000));

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
  await settled();
  expect(south.inbox('sue').filter(({ kind }) => kind === 'message')).toHaveLength(1);
  expect(north.inbox('ann').filter(({ kind }) => kind === 'message')).toHaveLength(0);
  south.onAct = undefined;
});

test('two adapters that send back all they get, path and all, die out within the hop limit', async () => {
  const [east, west] = [network('east'), network('west')];
  for (const net of [east, west]) await hub.admit(net);
  const session = hub.link.session;
  if (!session) throw new Error('no bus');
  let passed = 0;
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
  await settled();
  expect(passed).toBeLessThanOrEqual(HOP_LIMIT);
  for (const one of consuming) await one.close();
});
