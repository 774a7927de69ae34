/** The publisher before a server that stores, refuses or goes away in the middle: order, nothing lost, nothing doubled. */
import { FakeBus } from '../test/fake-bus.js';
import { OrderedPublisher } from './ordered-publisher.js';
import { SMALLEST_BATCH } from './stream-queue.js';

const SUBJECT = 'hub.in.north.3';
let bus: FakeBus;
let publisher: OrderedPublisher;

beforeEach(async () => {
  bus = new FakeBus();
  publisher = await OrderedPublisher.on(bus.connection);
});
afterEach(() => publisher.close());

function texts(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, at) => `text ${from + at}`);
}

/** Each with its text as message id. */
function publish(all: readonly string[]) {
  return Promise.all(all.map((text) => publisher.publish(SUBJECT, text, text)));
}

test('what is published in one turn is stored as batches, in order, each with its own sequence', async () => {
  const all = texts(300);
  const stored = await publish(all);
  expect(bus.stored).toEqual(all);
  expect(stored.map(({ seq }) => seq)).toEqual(all.map((_, at) => at + 1));
  expect(bus.batches).toBe(2);
  expect(publisher.backlog).toBe(0);
});

test('few are stored singly', async () => {
  await publish(texts(SMALLEST_BATCH - 1));
  expect(bus.batches).toBe(0);
  expect(bus.stored).toEqual(texts(SMALLEST_BATCH - 1));
});

test('an id that the stream knows: the batch is refused, and the others are stored singly, in order', async () => {
  await publish(['text 7']);
  const stored = await publish(texts(SMALLEST_BATCH));
  expect(bus.batches).toBe(0);
  expect(bus.stored).toEqual(['text 7', ...texts(SMALLEST_BATCH).filter((text) => text !== 'text 7')]);
  expect(stored.flatMap(({ duplicate }, at) => (duplicate ? [at] : []))).toEqual([7]);
});

test('the same id twice in what would be one batch is stored once', async () => {
  const stored = await publish([...texts(SMALLEST_BATCH), 'text 0']);
  expect(bus.stored).toEqual(texts(SMALLEST_BATCH));
  expect(stored.at(-1)).toEqual({ seq: 1, duplicate: true });
});

test('one that the server refuses fails alone, and what was published later is stored behind the others', async () => {
  bus.refused.add('text 5');
  const first = Promise.allSettled(
    texts(SMALLEST_BATCH).map((text) => publisher.publish(SUBJECT, text, text)),
  );
  await publish(texts(SMALLEST_BATCH, SMALLEST_BATCH));
  expect((await first).flatMap(({ status }, at) => (status === 'rejected' ? [at] : []))).toEqual([5]);
  expect(bus.stored).toEqual(texts(2 * SMALLEST_BATCH).filter((text) => text !== 'text 5'));
});

test('a stream that takes no batches is asked once', async () => {
  bus.takesBatches = false;
  await publish(texts(50));
  expect(bus.arrived).toBe(100);
  await publish(texts(50, 50));
  expect(bus.arrived).toBe(150);
  expect(bus.stored).toEqual(texts(100));
});

test('a subject that is not permitted: its publications fail, those to others of the stream are stored', async () => {
  // The server answers the batch before it reports the subject: with an error, because one publication is missing.
  const other = publisher.publish('hub.in.north.4', 'of another partition', 'other');
  const forbidden = Promise.allSettled(texts(40).map((text) => publisher.publish(SUBJECT, text, text)));
  bus.refused.add('text 39');
  await new Promise((resolve) => setImmediate(resolve));
  bus.forbid(SUBJECT);
  expect((await forbidden).map(({ status }) => status)).toEqual(texts(40).map(() => 'rejected'));
  await other;
  expect(bus.stored).toEqual(['of another partition']);
});

/** 80 publications make two batches of 40; they are interrupted at each of their publications, and when they are sent again. */
test.each(Array.from({ length: 120 }, (_, at) => at + 1))(
  'the connection breaks at publication %i: all are stored, once, in order',
  async (at) => {
    bus.disconnectsAt = at;
    const first = publish(texts(40));
    await new Promise((resolve) => setImmediate(resolve));
    const second = publish(texts(40, 40));
    await Promise.all([first, second]);
    await publish(['last']);
    expect(bus.stored).toEqual([...texts(80), 'last']);
  },
);

test('the answer to a batch is lost: all of it is known to the stream, and stored once', async () => {
  const all = texts(SMALLEST_BATCH);
  bus.losesAnswers = true;
  const stored = publish(all);
  await new Promise((resolve) => setImmediate(resolve));
  bus.losesAnswers = false;
  bus.connection.restart('no answer');
  expect((await stored).every(({ duplicate }) => duplicate)).toBe(true);
  expect(bus.stored).toEqual(all);
});
