/** Numbers for tests and demonstrations. */
import { createHash } from 'node:crypto';

/** Digits with the country code. */
export const NUMBER = /^\d{5,20}$/;

/** Derives a mobile number from a name that a test uses; the same name gives the same number. A number is returned unchanged. */
export function numberOf(word: string): string {
  if (NUMBER.test(word)) return word;
  const digits = createHash('md5').update(word).digest().readUInt32BE(0) % 100_000_000;
  return `86138${String(digits).padStart(8, '0')}`;
}
