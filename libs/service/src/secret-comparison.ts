import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares secrets in constant time: both are hashed to the same length first. */
export function secretsEqual(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
