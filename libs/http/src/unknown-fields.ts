/**
 * Finds fields that a schema does not name. zod drops them silently: a client with a typing error would believe that a field was
 * set. This walk covers every kind of schema, so that no schema needs to be strict itself.
 */
import type { z } from 'zod';

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypes['_zod']['def'];
type Path = readonly PropertyKey[];

/** @returns the path of each field of `value` that `schema` does not name */
export function unknownFields(schema: Schema, value: unknown, path: Path = []): Path[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return isObject(value) ? inObject(def, value, path) : [];
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, at) => unknownFields(def.element, item, [...path, at]))
        : [];
    case 'tuple':
      return Array.isArray(value) ? inTuple(def, value, path) : [];
    case 'record':
      return isObject(value)
        ? Object.entries(value).flatMap(([key, item]) => unknownFields(def.valueType, item, [...path, key]))
        : [];
    case 'union':
      return inUnion(def.options, value, path);
    case 'intersection':
      return inBoth(def, value, path);
    case 'pipe':
      return unknownFields(typeOf(def.in) === 'transform' ? def.out : def.in, value, path);
    case 'lazy':
      return unknownFields(def.getter(), value, path);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return unknownFields(def.innerType, value, path);
    default:
      return [];
  }
}

function inObject(
  { shape, catchall }: Extract<Def, { type: 'object' }>,
  value: Record<string, unknown>,
  path: Path,
): Path[] {
  const others = catchall && typeOf(catchall) !== 'never' ? catchall : undefined;
  return Object.entries(value).flatMap(([key, item]) => {
    const known = Object.hasOwn(shape, key) ? shape[key] : others;
    return known ? unknownFields(known, item, [...path, key]) : [[...path, key]];
  });
}

function inTuple({ items, rest }: Extract<Def, { type: 'tuple' }>, value: unknown[], path: Path): Path[] {
  return value.flatMap((item, at) => {
    const schema = items[at] ?? rest;
    return schema ? unknownFields(schema, item, [...path, at]) : [];
  });
}

/** Unknown fields by the option with the fewest of them, among the options that accept the value, or all if none does. */
function inUnion(options: readonly Schema[], value: unknown, path: Path): Path[] {
  const taking = options.filter((option) => (option as z.ZodType).safeParse(value).success);
  const found = (taking.length > 0 ? taking : options).map((option) => unknownFields(option, value, path));
  return found.reduce((best, one) => (one.length < best.length ? one : best), found[0] ?? []);
}

function inBoth({ left, right }: Extract<Def, { type: 'intersection' }>, value: unknown, path: Path): Path[] {
  const others = new Set(unknownFields(right, value, path).map((one) => one.join('.')));
  return unknownFields(left, value, path).filter((one) => others.has(one.join('.')));
}

function typeOf(schema: Schema): string {
  return schema._zod.def.type;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
