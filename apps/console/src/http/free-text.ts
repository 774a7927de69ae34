/** Text of people for people. PostgreSQL can store every character except U+0000. */
import { z } from 'zod';

export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** `StorableInput` has checked that the text can be stored. */
export function freeText(max: number) {
  return z.string().trim().min(1).max(max);
}

/** Reason of a change. */
export const Reason = freeText(500).describe('Reason, which is written to the audit log');
