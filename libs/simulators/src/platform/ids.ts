import { createHash, randomBytes } from 'node:crypto';

/** The OpenID of somebody whom a test calls by a word: always the same one, of the shape that WeChat gives. */
export function openIdOf(word: string): string {
  // 20 bytes are 27 letters of base64url: with the leading o just the 28 of an OpenID.
  return `o${createHash('sha1').update(word).digest('base64url')}`;
}

/** The original id of an account, as messages to it bear it. */
export function accountIdOf(appId: string): string {
  return `gh_${createHash('sha1').update(appId).digest('hex').slice(0, 12)}`;
}

/** Above 2^53, as real ones are: whoever reads them as a JavaScript number gets them wrong. */
export class MessageIds {
  private last = BigInt(Date.now()) * 1_000_000n;

  next(): string {
    return String(++this.last);
  }
}

export function unguessable(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}
