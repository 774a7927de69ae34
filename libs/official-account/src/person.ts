/** How the people of a platform are called and look, as far as the platform tells an account. */
import { createHash } from 'node:crypto';
import type { NativeProfile } from '#adapter-kit';
import type { PlatformProfile } from './profile.js';

/** Longer ids are shortened, with a part that tells them from one another. */
const LONG_ID = 20;

/**
 * @param told the platform's answer. Since December 2021 WeChat leaves name and picture empty, unless the person gave them to
 * the account; a picture without an address is none.
 */
export function readPerson(
  { person }: PlatformProfile,
  native: string,
  told: Record<string, unknown>,
): NativeProfile {
  const [name, url] = [told[person.name], told[person.avatar]];
  return {
    displayName: typeof name === 'string' && name !== '' ? name : null,
    fallbackName: shortId(native),
    avatar: typeof url === 'string' && /^https?:/.test(url) ? { version: url, source: { url } } : null,
  };
}

/** The platforms' ids are long and unreadable: people abroad see a short, steady name. */
export function shortId(native: string): string {
  const tail = createHash('sha256').update(native).digest('hex').slice(0, 4);
  return native.length > LONG_ID ? `${native.slice(0, 6)}…${tail}` : native;
}
