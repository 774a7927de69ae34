import { Pace } from './pace.js';

describe('a platform that takes three a minute for one person, and drops the rest', () => {
  test('the fourth waits until the first is a minute old', () => {
    const pace = new Pace(3);
    for (const at of [0, 10, 20]) pace.take('ann', at);
    expect(() => pace.take('ann', 30_000)).toThrow(
      expect.objectContaining({ code: '65', retryAfterMs: 30_050 }),
    );
    expect(() => pace.take('ben', 30_000)).not.toThrow();
    expect(() => pace.take('ann', 60_001)).not.toThrow();
  });

  test('where no limit is known, nobody waits', () => {
    const pace = new Pace(undefined);
    for (let at = 0; at < 1000; at++) pace.take('ann', at);
    expect(() => pace.take('ann', 1000)).not.toThrow();
  });
});
