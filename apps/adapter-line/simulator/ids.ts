/** Ids in LINE's formats. */
import { createHash, randomBytes } from 'node:crypto';

export const USER_ID = /^U[0-9a-f]{32}$/;

/** Derives a user id from a name that a test uses; the same name gives the same id. Returns a user id unchanged. */
export function userIdOf(word: string): string {
  if (USER_ID.test(word)) return word;
  return `U${createHash('md5').update(word).digest('hex')}`;
}

/** The user id of the official account itself. */
export const ACCOUNT_ID = userIdOf('the official account');

const ULID_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 26 characters: the time, then random ones. */
export function ulid(now: number): string {
  let time = '';
  for (let left = now, at = 0; at < 10; at++, left = Math.floor(left / 32))
    time = ULID_LETTERS.charAt(left % 32) + time;
  return time + [...randomBytes(16)].map((byte) => ULID_LETTERS.charAt(byte % 32)).join('');
}

/** Message ids are decimal numbers above 2^53. */
export class MessageIds {
  private last = BigInt(Date.now()) * 100_000n;

  next(): string {
    return String(++this.last);
  }
}
