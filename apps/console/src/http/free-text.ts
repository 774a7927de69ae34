/** What people write for people. PostgreSQL keeps any character but the one with number zero. */
import { z } from 'zod';

export const StorableText = z
  .string()
  .refine((text) => !text.includes('\0'), 'no character with number zero')
  .refine((text) => text.isWellFormed(), 'no halves of characters');

export function freeText(max: number) {
  return StorableText.trim().min(1).max(max);
}

/** Why somebody changes something. */
export const Reason = freeText(500).describe('Why; it stands in the audit log');
