/** Schema bounds that zod does not offer, and error texts that name the field. */
import { z } from 'zod';

/** Maximum length of an error text, characters: it may contain a key that a member chose. */
const MOST_CHARACTERS = 500;

/** The first error, with the path of its field: "capabilities.version: Too big: …". */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return 'malformed';
  const field = issue.path.map(String).join('.');
  return (field === '' ? issue.message : `${field}: ${issue.message}`).slice(0, MOST_CHARACTERS);
}

/** A record with at most `most` keys, also in its JSON Schema. */
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
