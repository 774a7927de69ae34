import { createHash, randomBytes } from 'node:crypto';

/** Derives an OpenID in WeChat's format from a name that a test uses; the same name gives the same id. */
export function openIdOf(word: string): string {
  // 20 bytes are 27 characters of base64url; with the leading o these are the 28 characters of an OpenID.
  return `o${createHash('sha1').update(word).digest('base64url')}`;
}

/** The original id (gh_...) of an account, as in messages to it. */
export function accountIdOf(appId: string): string {
  return `gh_${createHash('sha1').update(appId).digest('hex').slice(0, 12)}`;
}

/** Ids above 2^53, as on the real platform: they lose digits when they are parsed as JavaScript numbers. */
export class MessageIds {
  private last = BigInt(Date.now()) * 1_000_000n;

  next(): string {
    return String(++this.last);
  }
}

export function unguessable(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}
