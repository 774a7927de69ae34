/**
 * Fingerprints of texts and addresses: 53-bit numbers from two multiplicative hashes. Fast, since they are computed for every
 * message; seeded at the start of the process, so that nobody can find texts or addresses with the same fingerprint.
 */
import { randomInt } from 'node:crypto';

const [SEED_ONE, SEED_OTHER] = [randomInt(2 ** 31), randomInt(2 ** 31)];
const [PRIME_ONE, PRIME_OTHER] = [2654435761, 1597334677];
/** Characters that count: copies of a text share their beginning. */
const MOST_READ = 160;
const IDEOGRAPHIC_SPACE = 0x3000;
const NO_BREAK_SPACE = 0xa0;

/** Fingerprint of two addresses, in this order. */
export function pairPrint(from: string, to: string): number {
  let [one, other] = [SEED_ONE, SEED_OTHER];
  for (let at = 0; at < from.length; at++) {
    const code = from.charCodeAt(at);
    one = Math.imul(one ^ code, PRIME_ONE);
    other = Math.imul(other ^ code, PRIME_OTHER);
  }
  // A value that no character has separates the two.
  one = Math.imul(one ^ -1, PRIME_ONE);
  for (let at = 0; at < to.length; at++) {
    const code = to.charCodeAt(at);
    one = Math.imul(one ^ code, PRIME_ONE);
    other = Math.imul(other ^ code, PRIME_OTHER);
  }
  return joined(one, other);
}

/** Fingerprint of a sender and a text, ignoring case and spaces; undefined for a text shorter than `shortest`. */
export function wordsPrint(from: string, text: string, shortest: number): number | undefined {
  let [one, other, length] = [SEED_ONE, SEED_OTHER, 0];
  for (let at = 0; at < from.length; at++) {
    const code = from.charCodeAt(at);
    one = Math.imul(one ^ code, PRIME_ONE);
    other = Math.imul(other ^ code, PRIME_OTHER);
  }
  one = Math.imul(one ^ -1, PRIME_ONE);
  for (let at = 0; at < text.length && length < MOST_READ; at++) {
    let code = text.charCodeAt(at);
    if (code <= 32 || code === NO_BREAK_SPACE || code === IDEOGRAPHIC_SPACE) continue;
    if (code >= 65 && code <= 90) code += 32;
    one = Math.imul(one ^ code, PRIME_ONE);
    other = Math.imul(other ^ code, PRIME_OTHER);
    length++;
  }
  return length < shortest ? undefined : joined(one, other);
}

function joined(one: number, other: number): number {
  const low = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  const high = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return 4294967296 * (2097151 & high) + (low >>> 0);
}
