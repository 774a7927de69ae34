/** The difference between two versions of terms, field by field. Pure function. */

export interface Difference {
  /** Nested fields are joined with dots. */
  field: string;
  /** null: the version does not have the field. */
  before: string | null;
  after: string | null;
}

/** @param before null: there was no version before @param after null: the object was removed */
export function differencesOf(before: object | null, after: object | null): Difference[] {
  const [old, changed] = [fieldsOf(before ?? {}), fieldsOf(after ?? {})];
  return [...new Set([...old.keys(), ...changed.keys()])].flatMap((field) => {
    const [one, other] = [old.get(field) ?? null, changed.get(field) ?? null];
    return one === other ? [] : [{ field, before: one, after: other }];
  });
}

function fieldsOf(value: object, prefix = ''): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, part] of Object.entries(value) as [string, unknown][]) {
    const field = `${prefix}${name}`;
    if (part === undefined || part === null) continue;
    if (Array.isArray(part) && part.every((one) => typeof one !== 'object')) {
      if (part.length === 0) continue;
      // The order of classes means nothing.
      fields.set(field, part.map(String).sort().join(', '));
    } else if (typeof part === 'object')
      for (const [inner, text] of fieldsOf(part, `${field}.`)) fields.set(inner, text);
    else fields.set(field, textOf(part));
  }
  return fields;
}

/** A time in UTC, so that the same instant in two zones is no difference. */
const TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/;

function textOf(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return TIME.test(value) && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : value;
}
