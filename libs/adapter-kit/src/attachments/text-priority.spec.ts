import { jest } from '@jest/globals';
import { TEXT_PAUSE_MS, TextPriority } from './text-priority.js';

const KB = 1024;

async function* file(chunks: number): AsyncIterable<Buffer> {
  for (let n = 0; n < chunks; n++) yield Buffer.alloc(KB);
}

/** Reads a file to its end. @returns when each chunk came, in ms */
async function moved(media: TextPriority, chunks: number): Promise<number[]> {
  const start = performance.now();
  const times: number[] = [];
  for await (const _ of media.of(file(chunks))) times.push(Math.round(performance.now() - start));
  return times;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function passing<T>(ms: number, work: Promise<T>): Promise<T> {
  await jest.advanceTimersByTimeAsync(ms);
  return work;
}

test('alone, a file moves as fast as it can', async () => {
  expect(await passing(0, moved(new TextPriority(1), 3))).toEqual([0, 0, 0]);
});

test('beside text it keeps the pace', async () => {
  const media = new TextPriority(KB / 10);
  media.pauseTransfersForText();
  expect(await passing(100, moved(media, 4))).toEqual([10, 20, 30, 40]);
});

test('several share it', async () => {
  const media = new TextPriority(KB / 10);
  media.pauseTransfersForText();
  const both = await passing(100, Promise.all([moved(media, 2), moved(media, 2)]));
  expect(both.flat().toSorted((one, other) => one - other)).toEqual([10, 20, 30, 40]);
});

test('when no more text comes it goes on at full speed', async () => {
  const media = new TextPriority(KB / 400);
  media.pauseTransfersForText();
  const times = await passing(10 * TEXT_PAUSE_MS, moved(media, 6));
  expect(times).toEqual([400, 800, 1200, 1200, 1200, 1200]);
});
