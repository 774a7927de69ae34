/**
 * How much a test tries. `npm test` tries little and always the same; `npm run torture` tries much, and something else in
 * every run. The seed of either is printed when a property fails (docs/testing.md).
 */

/** True in `npm run torture`. */
export const TORTURE = process.env['TEST_TORTURE'] !== undefined;

/** The seed of everything in the tests that is chosen at random. */
export const SEED = Number(process.env['TEST_SEED'] ?? 1);

/**
 * A count, a size or a timeout that depends on who asks.
 *
 * @param of.test for `npm test`: enough to find what a change broke
 * @param of.torture for `npm run torture`: enough to find unexpected faults
 */
export function amount(of: { test: number; torture: number }): number {
  return TORTURE ? of.torture : of.test;
}

/**
 * How long a condition is awaited: less than a test may take (jest.config.js), so that a failure says what did not happen.
 */
export const PATIENCE_MS =
  (TORTURE ? 600 : Number(process.env['TEST_TIMEOUT_SECONDS'] ?? 60)) * 1000 * (3 / 4);

/** Runs of a property over input that strangers may send. */
export const FUZZ_RUNS = amount({ test: 3000, torture: 100_000 });

/** @returns a generator of numbers in [0, 1), the same at every run with the same seed (mulberry32) */
export function seededRandom(seed = SEED): () => number {
  // Jest looks names of the global object up in a slow way: once is enough.
  const { imul } = Math;
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
