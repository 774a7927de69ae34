/** What people write for people. PostgreSQL keeps any character but the one with number zero. */
import { z } from 'zod';

export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** That it can be stored, `StorableInput` has seen to. */
export function freeText(max: number) {
  return z.string().trim().min(1).max(max);
}

/** Why somebody changes something. */
export const Reason = freeText(500).describe('Why; it stands in the audit log');
