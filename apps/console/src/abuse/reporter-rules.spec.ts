import fc from 'fast-check';
import { reliabilityOf, REPORTER_RULES as RULES } from './reporter-rules.js';

test.each([
  [0, 0, true],
  [0, 4, true],
  [0, 5, false],
  [20, 5, false],
  [21, 5, true],
])('%i complaints stand, %i were dismissed: reliable is %s', (standing, dismissed, reliable) => {
  expect(reliabilityOf({ standing, dismissed }, RULES)).toMatchObject({
    reliable,
    weight: reliable ? 1 : 0.25,
    perDay: reliable ? 1000 : 50,
  });
});

test('a dismissal never raises the weight', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.nat(500), (standing, dismissed, more) => {
      const moved = Math.min(more, standing);
      const before = reliabilityOf({ standing, dismissed }, RULES);
      const after = reliabilityOf({ standing: standing - moved, dismissed: dismissed + moved }, RULES);
      expect(after.weight).toBeLessThanOrEqual(before.weight);
      expect(after.perDay).toBeLessThanOrEqual(before.perDay);
    }),
  );
});
