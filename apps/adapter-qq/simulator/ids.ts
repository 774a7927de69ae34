/** Ids in the forms of QQ. */
import { createHash } from 'node:crypto';

export const QQ_NUMBER = /^[1-9]\d{4,10}$/;
export const OPENID = /^[0-9A-F]{32}$/;

/** Derives a QQ number from a name that a test uses; the same name gives the same number. Returns a number unchanged. */
export function numberOf(word: string): string {
  if (QQ_NUMBER.test(word)) return word;
  return String(1_000_000_000 + (createHash('md5').update(word).digest().readUInt32BE() % 2_000_000_000));
}

/** The id under which a bot of the official API knows a person. */
export function openidOf(word: string): string {
  if (OPENID.test(word)) return word;
  return createHash('md5').update(word).digest('hex').toUpperCase();
}

/** The QQ number of the account. */
export const ACCOUNT = '2854196310';
export const ACCOUNT_NAME = '互通';
