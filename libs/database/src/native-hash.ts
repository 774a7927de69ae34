import { createHash } from 'node:crypto';

/** As `NativeRefRow.nativeHash` has it. @param native the id that a network gave a message */
export function nativeHash(native: string): string {
  return createHash('sha256').update(native).digest('hex');
}
