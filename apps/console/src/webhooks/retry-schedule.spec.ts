import { MOST_ATTEMPTS, retryAfterMs } from './retry-schedule.js';

const HOUR_MS = 3600_000;
const wait = (attempts: number) => retryAfterMs(attempts, 0.5);

test('waits double up to six hours, and end', () => {
  expect([1, 2, 3, 4].map(wait)).toEqual([10_000, 20_000, 40_000, 80_000]);
  expect(wait(MOST_ATTEMPTS - 1)).toBe(6 * HOUR_MS);
  expect(wait(MOST_ATTEMPTS)).toBeUndefined();
});

test('in all a receiver has one and a half to three days to come back', () => {
  const waits = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, n) => wait(n + 1) ?? 0);
  const hours = waits.reduce((sum, ms) => sum + ms, 0) / HOUR_MS;
  expect(hours).toBeGreaterThan(36);
  expect(hours).toBeLessThan(72);
});

test('receivers that failed together are not tried together', () => {
  expect([retryAfterMs(1, 0), retryAfterMs(1, 1)]).toEqual([8000, 12_000]);
});
