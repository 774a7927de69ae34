/** A number for some words: quick, and with a secret of this process, so that nobody can find words or addresses that share one. */
import { randomInt } from 'node:crypto';

const [SEED_ONE, SEED_OTHER] = [randomInt(2 ** 31), randomInt(2 ** 31)];
const MOST_READ = 2000;

/** 53 bits (two rounds of a multiplicative hash, side by side). */
export function fingerprint(...words: string[]): number {
  let one = SEED_ONE;
  let other = SEED_OTHER;
  for (const word of words) {
    const length = Math.min(word.length, MOST_READ);
    for (let at = 0; at < length; at++) {
      const code = word.charCodeAt(at);
      one = Math.imul(one ^ code, 2654435761);
      other = Math.imul(other ^ code, 1597334677);
    }
    one = Math.imul(one ^ word.length, 2246822507);
    other = Math.imul(other ^ word.length, 3266489909);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return 4294967296 * (2097151 & other) + (one >>> 0);
}

/** The words of a message as its copies would have them: without case and spacing. */
export function sameWords(text: string): string {
  return text.slice(0, MOST_READ).toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}
