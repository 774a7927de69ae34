/** Ids of people and of the bot: numbers of up to 52 bits. */
import { createHash } from 'node:crypto';

const USER_ID = /^[1-9]\d{4,15}$/;

/** Derives the id of a person from a name that a test uses; the same name gives the same id. Returns an id unchanged. */
export function userIdOf(word: string): string {
  if (USER_ID.test(word)) return word;
  return String(1_000_000_000 + createHash('md5').update(word).digest().readUInt32BE(0));
}

export const BOT_ID = '7000000001';
