/**
 * `npm test` runs every part with a hundredth of its counts, so that none stops working unnoticed. Figures are not checked, only
 * that they are there. Parts that need many processes are run by the test that has started them: most of the work is their start.
 */
import type { Measured } from '../bench/path.js';
import type { Scale } from '../bench/scale.js';

export const SMOKE: Scale = { share: 0.01, note: () => undefined };

export function expectMeasured({ rows, figures }: Measured): void {
  expect(rows.length).toBeGreaterThan(0);
  const numbers = [...rows.flatMap((row) => Object.values(row)), ...Object.values(figures)].filter(
    (value) => typeof value === 'number',
  );
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
}
