/**
 * Reads an object field by field: an optional field that cannot be read is left out and named, so that the rest survives;
 * the object is refused only for what it cannot be without. Pure.
 */
import type { z } from 'zod';

export type FieldReading<T> =
  | { success: true; data: T; ignored: string[] }
  /** `issue`: the first thing that is wrong with the object as it came. */
  | { success: false; issue: string };

/** One field is left out in a round at least; an object with more bad fields is refused. */
const MOST_ROUNDS = 20;

/** @param kept fields whose meaning must not be left out: a bad one refuses the object. null stands for absent everywhere */
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

/** Leaves out the field that an issue names, or the nearest one around it that is there. @returns its name; undefined: it cannot be left out */
function leaveOut(
  root: unknown,
  path: readonly PropertyKey[],
  kept: ReadonlySet<string>,
): string | undefined {
  // Of a list nothing is left out: what remained could mean something else.
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
