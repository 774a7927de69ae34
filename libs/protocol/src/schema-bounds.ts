/** Bounds that zod has no word for, and errors that name the field. */
import { z } from 'zod';

/** A field may be a key that somebody else made up. */
const MOST_CHARACTERS = 500;

/** The first thing that is wrong, after the name of its field: "capabilities.version: Too big: …". */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return 'malformed';
  const field = issue.path.map(String).join('.');
  return (field === '' ? issue.message : `${field}: ${issue.message}`).slice(0, MOST_CHARACTERS);
}

/** A record with at most so many keys; its JSON Schema says so. */
export function boundedRecord<Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  key: Key,
  value: Value,
  most: number,
): z.ZodRecord<Key, Value> {
  return z
    .record(key, value)
    .refine((record) => Object.keys(record).length <= most, `at most ${most} keys`)
    .meta({ maxProperties: most });
}
