/** Ids and numbers in the formats of WhatsApp. */
import { createHash, randomBytes } from 'node:crypto';

/** Telephone number in E.164 without "+", as `wa_id`. */
export const WA_ID = /^[1-9]\d{5,14}$/;

/** The number of the business, and the ids under which the API knows the number and its account. */
export const ACCOUNT_NUMBER = '15550783881';
export const PHONE_ID = '106540352242922';
export const BUSINESS_ID = '102290129340398';

/** Derives a number from a name that a test uses; the same name gives the same number. A number is returned unchanged. */
export function numberOf(word: string): string {
  if (WA_ID.test(word)) return word;
  const digits = createHash('md5').update(word).digest().readUInt32BE(0) % 10_000_000;
  return `1202${String(digits).padStart(7, '0')}`;
}

/** "wamid." and base64, as ids of messages look. */
export function wamid(): string {
  return `wamid.${randomBytes(30).toString('base64')}`;
}

/** Ids of attachments are decimal numbers. */
export function mediaId(): string {
  return String(1_000_000_000_000_000n + (randomBytes(8).readBigUInt64BE() % 9_000_000_000_000_000n));
}
