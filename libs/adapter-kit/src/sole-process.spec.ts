/** Processes of an adapter that works alone, over one bucket, with a clock of the test. */
import { jest } from '@jest/globals';
import { HubError, network } from '#protocol';
import { silentLog, type StartRefused } from '#service';
import { memoryDouble } from '../../bot-contacts/src/testing/memory-double.js';
import { DEAD_AFTER_MS, SoleProcess } from './sole-process.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A process before the bucket. Its bus can be away, as if it were stopped. */
function aProcess(instance: string, bucket: Map<string, unknown>) {
  const bus = { isAway: false };
  const seen = { works: false, lost: undefined as StartRefused | undefined };
  const memory = memoryDouble(bucket);
  const sole = new SoleProcess({
    network: network('weixin'),
    memory: {
      change: (key, work) =>
        bus.isAway ? Promise.reject(new HubError('91', 'the bus is away')) : memory.change(key, work),
    },
    instance,
    onLost: (error) => (seen.lost = error),
    log: silentLog,
  });
  const begun = sole.begin().then(() => (seen.works = true));
  return { sole, seen, bus, begun };
}

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

test('the first process works, and a further one waits as long as it lives', async () => {
  const bucket = new Map<string, unknown>();
  const first = aProcess('one', bucket);
  await first.begun;
  const second = aProcess('two', bucket);
  await pass(100 * DEAD_AFTER_MS);
  expect([first.seen.works, second.seen.works]).toEqual([true, false]);
  expect(first.seen.lost).toBeUndefined();
});

test('after an end in order the next process works at its next look', async () => {
  const bucket = new Map<string, unknown>();
  const first = aProcess('one', bucket);
  await first.begun;
  const second = aProcess('two', bucket);
  await pass(100);
  await first.sole.end();
  await pass(DEAD_AFTER_MS - 200);
  expect(second.seen.works).toBe(true);
});

test('a process that is silent for too long is replaced, and must end when it comes back', async () => {
  const bucket = new Map<string, unknown>();
  const first = aProcess('one', bucket);
  await first.begun;
  const second = aProcess('two', bucket);
  await pass(DEAD_AFTER_MS);
  first.bus.isAway = true;
  await pass(3 * DEAD_AFTER_MS);
  expect(second.seen.works).toBe(true);
  expect(first.seen.lost).toBeUndefined();
  first.bus.isAway = false;
  await pass(DEAD_AFTER_MS);
  expect(first.seen.lost?.message).toContain('another process of the weixin adapter');
  // Its end leaves the turn of the other one alone.
  await first.sole.end();
  await pass(3 * DEAD_AFTER_MS);
  expect(second.seen.lost).toBeUndefined();
});

test('while the bus is away for all, nobody is replaced', async () => {
  const bucket = new Map<string, unknown>();
  const [first, second] = [aProcess('one', bucket), aProcess('two', bucket)];
  await first.begun;
  for (const { bus } of [first, second]) bus.isAway = true;
  await pass(20 * DEAD_AFTER_MS);
  first.bus.isAway = false;
  await pass(DEAD_AFTER_MS);
  second.bus.isAway = false;
  await pass(20 * DEAD_AFTER_MS);
  expect([first.seen.lost, second.seen.works]).toEqual([undefined, false]);
});

test('of two that begin at the same moment one works', async () => {
  const bucket = new Map<string, unknown>();
  const both = [aProcess('one', bucket), aProcess('two', bucket)];
  await pass(20 * DEAD_AFTER_MS);
  expect(both.filter(({ seen }) => seen.works)).toHaveLength(1);
  expect(both.filter(({ seen }) => seen.lost)).toEqual([]);
});
