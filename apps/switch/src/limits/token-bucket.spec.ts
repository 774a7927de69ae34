import fc from 'fast-check';
import { rate, take, type Rate } from './token-bucket.js';

/** Asks at every one of the times; says at which it was given. */
function given(limit: Rate, times: number[]): number[] {
  let fullAt: number | undefined;
  return times.filter((now) => {
    const taken = take(limit, fullAt, now);
    if (taken.ok) fullAt = taken.fullAt;
    return taken.ok;
  });
}

const limits = fc
  .record({ count: fc.integer({ min: 1, max: 50 }), periodMs: fc.integer({ min: 100, max: 100_000 }) })
  .map(({ count, periodMs }) => rate(count, periodMs));
const times = fc
  .array(fc.integer({ min: 0, max: 2000 }), { maxLength: 300 })
  .map((gaps) => gaps.reduce<number[]>((all, gap) => [...all, (all.at(-1) ?? 0) + gap], []));

/** The bucket as one would write it with tokens. */
function withTokens({ capacity, perMs }: Rate, asked: number[]): number {
  let [tokens, last, count] = [capacity, asked[0] ?? 0, 0];
  for (const now of asked) {
    tokens = Math.min(capacity, tokens + (now - last) * perMs);
    last = now;
    if (tokens < 1 - 1e-6) continue;
    tokens -= 1;
    count++;
  }
  return count;
}

test('in any interval the bucket gives at most its capacity and the tokens added in the interval', () => {
  fc.assert(
    fc.property(limits, times, (limit, asked) => {
      const got = given(limit, asked);
      for (let from = 0; from < got.length; from++)
        for (let to = from; to < got.length; to++) {
          const allowed = limit.capacity + ((got[to] ?? 0) - (got[from] ?? 0)) * limit.perMs;
          if (to - from + 1 > allowed + 1e-3) return false;
        }
      return true;
    }),
  );
});

test('always as much is given as a bucket of tokens would give', () => {
  fc.assert(
    fc.property(limits, times, (limit, asked) => {
      expect(given(limit, asked)).toHaveLength(withTokens(limit, asked));
    }),
  );
});

test('a sender who waits for the given time is not refused again', () => {
  fc.assert(
    fc.property(limits, times, (limit, asked) => {
      let fullAt: number | undefined;
      for (const now of asked) {
        const taken = take(limit, fullAt, now);
        if (taken.ok) fullAt = taken.fullAt;
        else expect(take(limit, fullAt, now + taken.retryAfterMs).ok).toBe(true);
      }
    }),
  );
});
