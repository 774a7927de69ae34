/**
 * Finds the addresses in a request by the schema of the route, not by the form of a text, so that every address is made canonical
 * before the route uses it.
 */
import { isAddressSchema, type Address } from '#protocol';
import type { z } from 'zod';

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypes['_zod']['def'];
type Path = readonly PropertyKey[];

export interface AddressField {
  path: Path;
  /** Address schema with the bounds of the route. */
  schema: Schema;
  address: Address;
}

/** @param value as parsed by the schema */
export function addressFields(schema: Schema, value: unknown, path: Path = []): AddressField[] {
  if (isAddressSchema(schema))
    return typeof value === 'string' ? [{ path, schema, address: value as Address }] : [];
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return inObject(def, value, path);
    case 'array':
      return inItems(() => def.element, value, path);
    case 'tuple':
      return inItems((at) => def.items[at] ?? def.rest ?? undefined, value, path);
    case 'record':
      return inEntries(() => def.valueType, value, path);
    case 'union':
      return inUnion(def.options, value, path);
    case 'intersection':
      return [...addressFields(def.left, value, path), ...addressFields(def.right, value, path)];
    default: {
      const inner = innerOf(def);
      return inner ? addressFields(inner, value, path) : [];
    }
  }
}

/** The inner schema of a schema that wraps another one. */
function innerOf(def: Def): Schema | undefined {
  switch (def.type) {
    case 'pipe':
      return def.out;
    case 'lazy':
      return def.getter();
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return def.innerType;
    default:
      return undefined;
  }
}

/** The same value with other addresses at these paths. */
export function withAddresses(value: unknown, fields: readonly AddressField[]): unknown {
  return fields.reduce((changed, { path, address }) => withAt(changed, path, address), value);
}

function withAt(value: unknown, [key, ...rest]: Path, address: Address): unknown {
  if (key === undefined) return address;
  if (Array.isArray(value))
    return value.map((item: unknown, at) => (at === key ? withAt(item, rest, address) : item));
  if (!isObject(value)) return value;
  return { ...value, [key]: withAt(value[String(key)], rest, address) };
}

function inObject({ shape, catchall }: Extract<Def, { type: 'object' }>, value: unknown, path: Path) {
  return inEntries((key) => (Object.hasOwn(shape, key) ? shape[key] : catchall), value, path);
}

function inEntries(
  schemaOf: (key: string) => Schema | undefined,
  value: unknown,
  path: Path,
): AddressField[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const schema = schemaOf(key);
    return schema ? addressFields(schema, item, [...path, key]) : [];
  });
}

function inItems(schemaOf: (at: number) => Schema | undefined, value: unknown, path: Path): AddressField[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, at) => {
    const schema = schemaOf(at);
    return schema ? addressFields(schema, item, [...path, at]) : [];
  });
}

/** The addresses by the option of a union that accepts the value. */
function inUnion(options: readonly Schema[], value: unknown, path: Path): AddressField[] {
  const taking = options.find((option) => (option as z.ZodType).safeParse(value).success);
  return taking ? addressFields(taking, value, path) : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
