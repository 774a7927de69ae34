/** Parses and validates a value from the bus, whoever wrote it. */
import type { z } from 'zod';
import { parseJson } from '#protocol';

export type CheckedValue<T> = { value: T } | { refused: string };

/** Never throws. A recursive schema fails on very deep JSON; that counts as refused too. */
export function checkedValue<T>(bytes: Uint8Array, schema: z.ZodType<T>): CheckedValue<T> {
  try {
    const json = parseJson(bytes);
    if (json === undefined) return { refused: 'not UTF-8 JSON' };
    const parsed = schema.safeParse(json);
    if (parsed.success) return { value: parsed.data };
    const issue = parsed.error.issues[0];
    return { refused: `${issue?.path.join('.') || '(root)'}: ${issue?.message ?? 'not of its schema'}` };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}
