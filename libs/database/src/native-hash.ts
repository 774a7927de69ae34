import { hash } from 'node:crypto';

/** The value of `NativeRefRow.nativeHash`. @param native the id that a network gave a message */
export function nativeHash(native: string): string {
  return hash('sha256', native, 'hex');
}
