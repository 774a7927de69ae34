/** Names and avatars of the people of a platform, as far as the platform gives them to an account. */
import { createHash } from 'node:crypto';
import type { NativeProfile } from '#adapter-kit';
import type { PlatformProfile } from './profile.js';

/** Longer ids are shortened to a form that still distinguishes them. */
const LONG_ID = 20;

/**
 * @param answer response of the platform. Since December 2021 WeChat leaves name and picture empty, unless the person gave them to
 * the account. A picture without a URL is ignored.
 */
export function readPerson(
  { person }: PlatformProfile,
  native: string,
  answer: Record<string, unknown>,
): NativeProfile {
  const [name, url] = [answer[person.name], answer[person.avatar]];
  return {
    displayName: typeof name === 'string' && name !== '' ? name : null,
    fallbackName: shortId(native),
    avatar: typeof url === 'string' && /^https?:/.test(url) ? { version: url, source: { url } } : null,
  };
}

/** The platforms' ids are long and unreadable: people on remote networks see a short name that does not change. */
export function shortId(native: string): string {
  const tail = createHash('sha256').update(native).digest('hex').slice(0, 4);
  return native.length > LONG_ID ? `${native.slice(0, 6)}…${tail}` : native;
}
