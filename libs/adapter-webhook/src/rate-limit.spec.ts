import { RateLimit } from './rate-limit.js';

describe('a platform that takes three a minute for one person, and drops the rest', () => {
  test('the fourth waits until the first is a minute old', () => {
    const limit = new RateLimit(3);
    for (const at of [0, 10, 20]) limit.take('ann', at);
    expect(() => limit.take('ann', 30_000)).toThrow(
      expect.objectContaining({ code: '65', retryAfterMs: 30_050 }),
    );
    expect(() => limit.take('ben', 30_000)).not.toThrow();
    expect(() => limit.take('ann', 60_001)).not.toThrow();
  });

  test('where no limit is known, nobody waits', () => {
    const limit = new RateLimit(undefined);
    for (let at = 0; at < 1000; at++) limit.take('ann', at);
    expect(() => limit.take('ann', 1000)).not.toThrow();
  });
});
