/** Ids as LINE writes them. */
import { createHash, randomBytes } from 'node:crypto';

export const USER_ID = /^U[0-9a-f]{32}$/;

/** The user id of somebody whom a test calls by a word: always the same one. A user id stands for itself. */
export function userIdOf(word: string): string {
  if (USER_ID.test(word)) return word;
  return `U${createHash('md5').update(word).digest('hex')}`;
}

/** The user id of the official account itself. */
export const ACCOUNT_ID = userIdOf('the official account');

const ULID_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 26 characters: the time, then chance. */
export function ulid(now: number): string {
  let time = '';
  for (let left = now, at = 0; at < 10; at++, left = Math.floor(left / 32))
    time = ULID_LETTERS.charAt(left % 32) + time;
  return time + [...randomBytes(16)].map((byte) => ULID_LETTERS.charAt(byte % 32)).join('');
}

/** Message ids are decimal numbers beyond what JavaScript counts exactly. */
export class MessageIds {
  private last = BigInt(Date.now()) * 100_000n;

  next(): string {
    return String(++this.last);
  }
}
