/** While its network is away, an adapter is given nothing; at the moment at which it is back, everything that waited. */
import type { BusMessage } from '#bus';
import {
  addressOf,
  directConversation,
  encodeEvent,
  network,
  plainText,
  wordsOf,
  type DurableEvent,
  type MessageEvent,
} from '#protocol';
import { silentLog } from '#service';
import { aMessage } from '../../protocol/test/a-message.js';
import { until } from '../../../test/support/until.js';
import { Connectivity } from './connectivity.js';
import { Egress } from './egress.js';
import type { Outcomes } from './outcomes.js';

const bob = network('matrix');

function aNetwork() {
  const connectivity = new Connectivity();
  const given: string[] = [];
  const acknowledged: number[] = [];
  const wordsIn = (event: DurableEvent) => wordsOf((event as MessageEvent).data.content.body);
  const egress = new Egress({
    network: bob,
    adapter: { connectivity },
    delivery: {
      deliver: (event) => {
        given.push(wordsIn(event));
        return Promise.resolve({ native: ['n'], stored: Promise.resolve() });
      },
    },
    outcomes: { delivered: () => Promise.resolve() } as unknown as Outcomes,
    windows: { mustBeFirst: () => Promise.resolve(), keep: () => Promise.resolve(false) },
    publisher: { drained: () => Promise.resolve() },
    log: silentLog,
  });
  let seq = 0;
  /** @param peer each has a conversation of their own with bob */
  const read = (text: string, peer = 'alice'): void => {
    const { data } = aMessage();
    const from = addressOf(network('xmpp'), `${peer}@example.org`);
    const event = aMessage(text, {
      subject: directConversation(from, data.to),
      data: { ...data, from: { address: from }, content: { body: plainText(text) } },
    });
    const message: BusMessage = {
      subject: 'hub.out.matrix.0',
      data: encodeEvent(event),
      seq: ++seq,
      deliveries: 1,
      storedAt: new Date(),
      ack: () => void acknowledged.push(message.seq),
      retry: () => undefined,
      working: () => undefined,
    };
    egress.read(message);
  };
  return { connectivity, egress, given, acknowledged, read };
}

/** Everything that could run by now has run. */
const turns = async () => {
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
};

test('messages wait while the network is away, and go on when it is back, in order within a conversation', async () => {
  const { connectivity, egress, given, acknowledged, read } = aNetwork();
  for (const text of ['one', 'two', 'three']) read(text);
  read('elsewhere', 'carol');
  await turns();
  expect(given).toEqual([]);
  connectivity.connected = true;
  await until('all to be acknowledged', () => acknowledged.length === 4);
  expect(given.filter((text) => text !== 'elsewhere')).toEqual(['one', 'two', 'three']);
  expect(given).toContain('elsewhere');
  connectivity.connected = false;
  read('later');
  await turns();
  expect(given).not.toContain('later');
  connectivity.connected = true;
  await until('the last to be acknowledged', () => acknowledged.length === 5);
  await egress.drain(1000);
});

test('a process that ends while its network is away waits for nothing, and delivers nothing any more', async () => {
  const { connectivity, egress, given, read } = aNetwork();
  read('one');
  expect(await egress.drain(1000)).toBe(true);
  connectivity.connected = true;
  await turns();
  expect(given).toEqual([]);
});

test('a partition that is handed over while the network is away, and comes back, is delivered by its new owner', async () => {
  const { connectivity, egress, given, acknowledged, read } = aNetwork();
  read('one');
  await egress.leave();
  connectivity.connected = true;
  await turns();
  expect(given).toEqual([]);
  egress.becomeOwner(0, new Date());
  connectivity.connected = false;
  read('one');
  await turns();
  expect(given).toEqual([]);
  connectivity.connected = true;
  await until('it to be acknowledged', () => acknowledged.length === 1);
  expect(given).toEqual(['one']);
  await egress.drain(1000);
});
