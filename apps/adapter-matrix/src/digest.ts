import { createHash } from 'node:crypto';

/**
 * The first 16 characters of the base64url SHA-256 of a text, 96 bits: a part of fixed length for keys and transaction
 * ids. Two texts with the same digest are not to be expected.
 */
export function digest16(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
