import { createHash } from 'node:crypto';

/** The value of `NativeRefRow.nativeHash`. @param native the id that a network gave a message */
export function nativeHash(native: string): string {
  return createHash('sha256').update(native).digest('hex');
}
