/**
 * The ids of events that a third-party adapter made: 8 to 64 characters, unique in its own network only. Replies, edits, recalls,
 * reactions and receipts must find their message under any of them.
 */
import fc from 'fast-check';
import {
  pathOf,
  addressOf,
  deliveryKey,
  direct,
  directConversation,
  EMPTY,
  EventId,
  isDeliveryKey,
  levels,
  network,
  plainText,
  type Content,
  type MessageEvent,
  type Network,
  type ReceiptEvent,
} from '#protocol';
import { aMessage } from '../../protocol/test/a-message.js';
import type { AnyAdapter } from './adapter.contract.js';
import { Connectivity } from './connectivity.js';
import type { Delivered, MessageRef } from './delivered.contract.js';
import { Correlation } from './correlation.js';
import { Delivery } from './delivery.js';
import type { AttachmentPreparer } from './message-pieces.js';

const [here, pigeon, raven] = [network('here'), network('pigeon'), network('raven')];
const alice = addressOf(here, 'alice');
/** Each run makes processes with caches of their own, which takes its time. */
const RUNS = { numRuns: 25 };
/** As a bucket on the bus has them. */
const BUCKET_KEY = /^[-/_=.a-zA-Z0-9]{1,200}$/;

const eventIds = fc
  .string({
    unit: fc.constantFrom('A', 'M', 'Z', 'a', 'm', 'z', '0', '5', '9', '_', '-'),
    minLength: 8,
    maxLength: 64,
  })
  .map((text) => EventId.parse(text));

const NO_MEDIA: AttachmentPreparer = {
  prepare: () => Promise.reject(new Error('there are no media in these plays')),
  instead: () => Promise.reject(new Error('there are no media in these plays')),
  pauseTransfersForText: () => undefined,
  ofText: () => Promise.reject(new Error('there are no media in these plays')),
};

/** A network whose adapter remembers nothing but what the bucket holds: each message is looked up by a new process. */
function aNetwork() {
  const kept = new Map<string, unknown>();
  const shown: [what: string, target: MessageRef | undefined][] = [];
  const keys: string[] = [];
  const taken = (what: string, key: string, target?: MessageRef): Promise<Delivered> => {
    shown.push([what, target]);
    keys.push(key);
    return Promise.resolve({ native: [key] });
  };
  const adapter: AnyAdapter = {
    network: here,
    capabilities: () => ({ version: '1', language: 'en', features: levels(2), limits: {} }),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    connectivity: new Connectivity(true),
    deliver: (_, { idempotencyKey, target }) => taken('message', idempotencyKey, target),
    deliverEdit: (_, { idempotencyKey, target }) => taken('edit', idempotencyKey, target),
    deliverRecall: (_, { idempotencyKey, target }) => taken('recall', idempotencyKey, target),
    deliverReaction: (_, { idempotencyKey, target }) => taken('reaction', idempotencyKey, target),
    deliverReceipt: (_, targets) => Promise.resolve(void shown.push(['receipt', targets[0]])),
  };
  const correlation = () =>
    new Correlation(here, {
      put: (key, value) => {
        expect(key).toMatch(BUCKET_KEY);
        kept.set(key, value);
        return Promise.resolve();
      },
      get: (key) => Promise.resolve(kept.get(key)),
    });
  const deliver = async (event: MessageEvent | ReceiptEvent, uncertain = false) => {
    const result = await new Delivery({
      adapter,
      capabilities: () => adapter.capabilities(),
      correlation: correlation(),
      attachments: NO_MEDIA,
    }).deliver(event, uncertain, () => false);
    await result.stored;
    return result;
  };
  return { shown, keys, deliver, correlation };
}

function from(source: Network, id: EventId, content: Content): MessageEvent {
  const [bob, event] = [addressOf(source, 'bob'), aMessage()];
  return {
    ...event,
    id,
    source: `/network/${source}`,
    subject: directConversation(bob, alice),
    time: new Date().toISOString(),
    path: pathOf(source, here),
    data: { from: { address: bob }, to: alice, sentAt: event.time, content },
  };
}

test('with any id of a third-party adapter, reply, edit, recall and reaction find the message, also in a new process', async () => {
  const changes = fc.tuple(eventIds, fc.uniqueArray(eventIds, { minLength: 4, maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(changes, async ([id, others]) => {
      fc.pre(!others.includes(id));
      const { shown, deliver } = aNetwork();
      await deliver(from(pigeon, id, { body: plainText('first') }));
      const [reply, edit, reaction, recall] = others as [EventId, EventId, EventId, EventId];
      await deliver(from(pigeon, reply, { inReplyTo: id, body: plainText('and') }));
      await deliver(from(pigeon, edit, { replaces: id, body: plainText('better') }));
      const reactions = { add: ['👍'], remove: [], current: ['👍'] };
      await deliver(from(pigeon, reaction, { inReplyTo: id, body: EMPTY, reactions }));
      await deliver(from(pigeon, recall, { replaces: id, body: EMPTY }));
      expect(shown.map(([what, target]) => [what, target?.id])).toEqual([
        ['message', undefined],
        ['message', id],
        ['edit', id],
        ['reaction', id],
        ['recall', id],
      ]);
    }),
    RUNS,
  );
});

test('with any id, the native id of a delivered message gives the event id, for receipts, replies and reactions to it', async () => {
  await fc.assert(
    fc.asyncProperty(eventIds, async (id) => {
      const { keys, deliver, correlation } = aNetwork();
      await deliver(from(pigeon, id, { body: plainText('first') }));
      expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{27}$/);
      const target = await correlation().findNative(keys[0] ?? '');
      expect(target).toMatchObject({
        id,
        author: addressOf(pigeon, 'bob'),
        within: direct(alice, addressOf(pigeon, 'bob')),
      });
    }),
    RUNS,
  );
});

test('with any id, a message that may have been delivered is found delivered', async () => {
  await fc.assert(
    fc.asyncProperty(eventIds, async (id) => {
      const { shown, deliver } = aNetwork();
      const event = from(pigeon, id, { body: plainText('once') });
      const first = await deliver(event);
      const again = await deliver(event, true);
      expect(again.native).toEqual(first.native);
      expect(shown).toHaveLength(1);
    }),
    RUNS,
  );
});

test('two networks gave the same id: both messages arrive, and each change is of the right one', async () => {
  await fc.assert(
    fc.asyncProperty(
      eventIds.filter((id) => !isDeliveryKey(id)),
      async (id) => {
        const { shown, keys, deliver, correlation } = aNetwork();
        await deliver(from(pigeon, id, { body: plainText('of the pigeon') }), true);
        await deliver(from(raven, id, { body: plainText('of the raven') }), true);
        expect(new Set(keys).size).toBe(2);
        const authors = keys.map(async (key) => (await correlation().findNative(key))?.author);
        expect(await Promise.all(authors)).toEqual([addressOf(pigeon, 'bob'), addressOf(raven, 'bob')]);
        await deliver(from(raven, EventId.parse('the-recall'), { replaces: id, body: EMPTY }));
        expect(shown.at(-1)).toMatchObject(['recall', { author: addressOf(raven, 'bob') }]);
      },
    ),
    RUNS,
  );
});

test('a receipt of a third-party adapter finds the message of this network that it refers to', async () => {
  const { shown, deliver, correlation } = aNetwork();
  const own = aMessage('said here').id;
  const bob = addressOf(pigeon, 'bob');
  await correlation().store(
    { id: own, author: alice, within: direct(alice, bob), native: ['n1'], at: Date.now() },
    ['n1'],
  );
  const { data, ...event } = from(pigeon, EventId.parse('-'.repeat(64)), { body: EMPTY });
  await deliver({
    ...event,
    type: 'im.hutong.receipt.v1',
    data: {
      from: data.from,
      to: data.to,
      status: 'read',
      messages: [own],
      upTo: true,
      basis: 'user-device',
      at: event.time,
    },
  });
  expect(shown).toMatchObject([['receipt', { id: own }]]);
});

test('keys of different events are different, and the ids that the kit makes are their own keys', () => {
  const networks = fc.constantFrom(pigeon, raven);
  fc.assert(
    fc.property(networks, eventIds, networks, eventIds, (one, id, other, otherId) => {
      fc.pre(one !== other || id !== otherId);
      fc.pre(!isDeliveryKey(id) && !isDeliveryKey(otherId));
      expect(deliveryKey(one, id)).not.toBe(deliveryKey(other, otherId));
    }),
  );
  const { id } = aMessage();
  expect(deliveryKey(pigeon, id)).toBe(id);
});
