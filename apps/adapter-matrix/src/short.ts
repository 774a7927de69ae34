import { createHash } from 'node:crypto';

/** Part of a key or a transaction id: as good as the text, and of a length. */
export function short(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
