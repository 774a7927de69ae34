/** Ids in the formats of Weibo. */
import { createHash, randomBytes } from 'node:crypto';

/** Uids are decimal numbers of ten digits, as a rule. */
export const UID = /^[1-9]\d{5,18}$/;

/** The uid of the account with the fans service. */
export const ACCOUNT_UID = '1902538057';

/** Derives a uid from a name that a test uses; the same name gives the same uid. A uid is returned unchanged. */
export function uidOf(word: string): string {
  if (UID.test(word)) return word;
  return `5${String(createHash('md5').update(word).digest().readUInt32BE(0) % 1_000_000_000).padStart(9, '0')}`;
}

/** Ids of attachments have more digits than a double holds. */
export function fileId(): string {
  return String(10_000_000_000_000_000n + (randomBytes(8).readBigUInt64BE() % 9_000_000_000_000_000n));
}
