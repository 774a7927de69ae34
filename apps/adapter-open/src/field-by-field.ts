/**
 * Reads an object field by field. An unreadable optional field is left out and its name is returned; the object is refused
 * only if a required field is missing or unreadable. Pure.
 */
import type { z } from 'zod';

export type FieldReading<T> =
  | { success: true; data: T; ignored: string[] }
  /** `issue`: the first error of the object. */
  | { success: false; issue: string };

/** Each round leaves out at least one field. An object with more unreadable fields than this is refused. */
const MOST_ROUNDS = 20;

/** @param kept fields that must not be left out: an unreadable one refuses the object. null counts as absent */
export function readFieldByField<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
  kept: ReadonlySet<string>,
): FieldReading<z.output<Schema>> {
  let parsed = schema.safeParse(raw);
  if (parsed.success) return { success: true, data: parsed.data, ignored: [] };
  const issue = described(parsed.error.issues[0]);
  const rest: unknown = structuredClone(raw);
  const ignored = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const left = parsed.error.issues.map(({ path }) => leaveOut(rest, path, kept));
    if (left.includes(undefined)) return { success: false, issue };
    for (const name of left) {
      if (name === undefined) continue;
      for (const inside of ignored) if (inside.startsWith(`${name}.`)) ignored.delete(inside);
      ignored.add(name);
    }
    parsed = schema.safeParse(rest);
    if (parsed.success) return { success: true, data: parsed.data, ignored: [...ignored] };
  }
  return { success: false, issue };
}

/** Leaves out the field of an issue, or the nearest parent that is present. @returns its name; undefined when it cannot be left out */
function leaveOut(
  root: unknown,
  path: readonly PropertyKey[],
  kept: ReadonlySet<string>,
): string | undefined {
  // Elements of a list are never left out: the rest could have another meaning.
  const inList = path.findIndex((step) => typeof step === 'number');
  const names = (inList < 0 ? path : path.slice(0, inList)).map(String);
  for (let length = names.length; length > 0; length--) {
    const around = names.slice(0, length - 1).reduce<unknown>(member, root);
    const name = names[length - 1] ?? '';
    const value = member(around, name);
    if (value === undefined) continue;
    if (value !== null && kept.has(names[0] ?? '')) return undefined;
    Reflect.deleteProperty(around as object, name);
    return names.slice(0, length).join('.');
  }
  return undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function described(issue: z.core.$ZodIssue | undefined): string {
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 300);
}
