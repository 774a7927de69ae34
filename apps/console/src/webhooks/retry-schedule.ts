/** When a delivery that failed is tried again. */
const FIRST_MS = 10_000;
const LONGEST_MS = 6 * 3600_000;
/** After about two days it has failed for good; people can deliver it again from the log. */
export const MOST_ATTEMPTS = 18;

/**
 * Twice as long after each attempt, up to six hours, ±20 %, so that a receiver that comes back does not get everything at once.
 * @param attempts made so far. @param random 0 to 1. @returns ms; undefined: no further attempt
 */
export function retryAfterMs(attempts: number, random = Math.random()): number | undefined {
  if (attempts >= MOST_ATTEMPTS) return undefined;
  return Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1)) * (0.8 + random * 0.4));
}
