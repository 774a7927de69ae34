/** How fast we send: turns, limits, and pauses that the gateway asks for. */
import { memoryDouble } from '../../../libs/bot-contacts/src/testing/memory-double.js';
import { Rates } from './rates.js';

function someRates(limits: { perSecond?: number; perNumber?: number } = {}) {
  const clock = { now: 0 };
  const stopping = new AbortController();
  const waits: number[] = [];
  const rates = new Rates({
    memory: memoryDouble(),
    perSecond: limits.perSecond,
    perNumber: limits.perNumber,
    stopping: stopping.signal,
    now: () => clock.now,
    wait: (ms) => Promise.resolve(void waits.push(ms)),
  });
  return { rates, clock, stopping, waits };
}

test('segments have turns of their own, and wait for them', async () => {
  const { rates, waits, clock } = someRates({ perSecond: 10 });
  for (let n = 0; n < 4; n++) await rates.segment();
  expect(waits).toEqual([100, 200, 300]);
  clock.now = 1000;
  await rates.segment();
  expect(waits).toHaveLength(3);
});

test('what would wait for too long is refused with the time to wait', async () => {
  const { rates } = someRates({ perSecond: 1 });
  for (let n = 0; n <= 10; n++) await rates.segment();
  await expect(rates.segment()).rejects.toMatchObject({ code: '65', retryAfterMs: 11_000 });
});

test('without a limit nothing waits', async () => {
  const { rates, waits } = someRates();
  for (let n = 0; n < 100; n++) await rates.segment();
  expect(waits).toEqual([]);
});

test('one number gets so many messages in a minute, others are not held up', async () => {
  const { rates, clock } = someRates({ perNumber: 2 });
  await rates.message('ann', 'one');
  await rates.message('ann', 'two');
  // Other attempts.
  await rates.message('ann', 'one');
  await rates.message('ann', 'two');
  const refused = await rates.message('ann', 'three').catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: '65', retryAfterMs: expect.any(Number) as number });
  await rates.message('bob', 'four');
  clock.now += (refused as { retryAfterMs: number }).retryAfterMs;
  await rates.message('ann', 'three');
});

test('the gateway asks to slow down: all segments pause, longer each time, until one is accepted', async () => {
  const { rates, waits } = someRates();
  rates.refused();
  await rates.segment();
  for (let n = 0; n < 6; n++) rates.refused();
  await rates.segment();
  expect(waits[0]).toBeLessThan(30);
  expect(waits[1]).toBeGreaterThan(500);
  rates.accepted();
  rates.refused(7);
  expect(waits).toHaveLength(2);
});

test('it says how long', async () => {
  const { rates, waits } = someRates();
  rates.refused(3000);
  await rates.segment();
  expect(waits).toEqual([3000]);
});

test('a stop ends the waiting: nothing is sent', async () => {
  const { rates, stopping } = someRates({ perSecond: 1 });
  await rates.segment();
  stopping.abort();
  await expect(rates.segment()).rejects.toMatchObject({ code: '91' });
});
