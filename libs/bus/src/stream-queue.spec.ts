/** Which publications to one stream are sent next: singly or as a batch, and in which order after a refusal or a new session. */
import type { Publication } from './publication.js';
import { BATCH_BYTES, LARGEST_BATCH, SMALLEST_BATCH, StreamQueue, streamKeyOf } from './stream-queue.js';

function publication(key: number, bytes = 10): Publication {
  const [subject, stream] = ['hub.in.north.3', 'hub.in.north'];
  const nothing = () => undefined;
  const payload = new Uint8Array(bytes);
  const sending = { sentAt: 0, isAlone: false, resolve: nothing, reject: nothing };
  return { key, subject, stream, payload, messageId: `m${key}`, isFirst: false, ...sending };
}

function queueOf(count: number, bytes?: number, takesBatches = true): [StreamQueue, Publication[]] {
  const queue = new StreamQueue(() => takesBatches);
  const all = Array.from({ length: count }, (_, key) => publication(key, bytes));
  for (const one of all) queue.add(one);
  return [queue, all];
}

/** Everything that may be sent now: a number was sent singly, an array is a batch. */
function sent(queue: StreamQueue): (number | number[])[] {
  const all: (number | number[])[] = [];
  for (let next = queue.next(); next; next = queue.next())
    all.push(next.send === 'one' ? next.publication.key : next.publications.map(({ key }) => key));
  return all;
}

function keys(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => from + at);
}

test('few are sent one by one, in order', () => {
  const [queue] = queueOf(3);
  expect(sent(queue)).toEqual([0, 1, 2]);
});

test('as many as make a batch are one batch, and nothing is sent behind it before its answer', () => {
  const [queue, all] = queueOf(SMALLEST_BATCH);
  expect(sent(queue)).toEqual([keys(0, SMALLEST_BATCH)]);
  queue.add(publication(SMALLEST_BATCH));
  expect(sent(queue)).toEqual([]);
  expect(queue.endBatch(all.at(-1) as Publication, SMALLEST_BATCH)).toEqual(all);
  expect(sent(queue)).toEqual([SMALLEST_BATCH]);
});

test('while some wait for their acknowledgement, later ones are collected for a batch', () => {
  const [queue] = queueOf(0);
  for (const key of keys(0, SMALLEST_BATCH)) {
    queue.add(publication(key));
    expect(sent(queue)).toEqual([key]);
  }
  for (const key of keys(SMALLEST_BATCH, SMALLEST_BATCH - 1)) queue.add(publication(key));
  expect(sent(queue)).toEqual([]);
  queue.add(publication(2 * SMALLEST_BATCH - 1));
  expect(sent(queue)).toEqual([keys(SMALLEST_BATCH, SMALLEST_BATCH)]);
});

test('a batch is bounded in number and in bytes', () => {
  const [many] = queueOf(LARGEST_BATCH + 1);
  expect(sent(many)).toEqual([keys(0, LARGEST_BATCH)]);
  const [large] = queueOf(80, BATCH_BYTES / 40);
  expect(sent(large)).toEqual([keys(0, 40)]);
});

test('payloads so large that few fit in a batch are sent one by one', () => {
  const [queue] = queueOf(SMALLEST_BATCH, BATCH_BYTES / 2);
  expect(sent(queue)).toEqual(keys(0, SMALLEST_BATCH));
});

test('a refused batch is sent again one by one, before what came later', () => {
  const [queue, all] = queueOf(SMALLEST_BATCH);
  sent(queue);
  const later = Array.from({ length: SMALLEST_BATCH }, (_, at) => publication(SMALLEST_BATCH + at));
  for (const one of later) queue.add(one);
  expect(queue.endBatch(all.at(-1) as Publication, 0)).toBeUndefined();
  expect(sent(queue)).toEqual([...keys(0, SMALLEST_BATCH), keys(SMALLEST_BATCH, SMALLEST_BATCH)]);
});

test('a batch with a publication that may not be sent is broken up: its late answer is ignored', () => {
  const [queue, all] = queueOf(SMALLEST_BATCH);
  sent(queue);
  queue.settle(all[3] as Publication);
  expect(queue.endBatch(all.at(-1) as Publication, SMALLEST_BATCH)).toBeUndefined();
  expect(sent(queue)).toEqual(keys(0, SMALLEST_BATCH).filter((key) => key !== 3));
});

test('in a new session what was sent comes again one by one, oldest first, and what was not sent as a batch', () => {
  const [queue] = queueOf(2);
  sent(queue);
  for (const key of keys(2, SMALLEST_BATCH)) queue.add(publication(key));
  sent(queue);
  for (const key of keys(100, SMALLEST_BATCH)) queue.add(publication(key));
  queue.startAgain();
  expect(sent(queue)).toEqual([...keys(0, 2 + SMALLEST_BATCH), keys(100, SMALLEST_BATCH)]);
});

test('to a stream that takes no batches all are sent one by one', () => {
  const [queue] = queueOf(100, 10, false);
  expect(sent(queue)).toEqual(keys(0, 100));
});

test('it is empty when all are settled', () => {
  const [queue, all] = queueOf(2);
  sent(queue);
  for (const one of all) {
    expect(queue.isEmpty).toBe(false);
    queue.settle(one);
  }
  expect(queue.isEmpty).toBe(true);
});

test.each([
  ['hub.in.north.3', 'hub.in.north'],
  ['hub.report.north', 'hub.report.north'],
  ['hub.out.north.3', 'hub.out'],
  ['hub.out.south.1', 'hub.out'],
  ['hub.dead.north', 'hub.dead'],
  ['$KV.net-north.portal.a', '$KV.net-north'],
])('%s is stored with others of %s', (subject, stream) => {
  expect(streamKeyOf(subject)).toBe(stream);
});
