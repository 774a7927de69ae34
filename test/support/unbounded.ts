/** Finds what has no bound in a JSON Schema: text, lists, records and numbers that may be of any size. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  items?: Schema | boolean;
  prefixItems?: Schema[];
  maxItems?: number;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  maxProperties?: number;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  not?: Schema;
}

const BOUNDED_FORMATS = new Set(['uuid', 'date', 'date-time', 'binary']);

/** @returns the path of each field without a bound, and what it lacks */
export function unbounded(schema: Schema | boolean, path = ''): string[] {
  if (typeof schema === 'boolean') return schema ? [`${path}: anything`] : [];
  if (schema.$ref !== undefined || schema.enum !== undefined || schema.const !== undefined) return [];
  if (schema.not !== undefined && Object.keys(schema.not).length === 0) return [];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.flatMap((one, at) => unbounded(one, `${path}|${at}`));
  if (schema.allOf) return allUnbounded(schema.allOf, path);
  const types = [schema.type ?? []].flat();
  if (types.length === 0) return schema.properties ? objectUnbounded(schema, path) : [`${path}: anything`];
  return types.flatMap((type) => typeUnbounded(type, schema, path));
}

function typeUnbounded(type: string, schema: Schema, path: string): string[] {
  switch (type) {
    case 'string':
      return textIsBounded(schema) ? [] : [`${path}: text`];
    case 'number':
    case 'integer':
      return numberIsBounded(schema) ? [] : [`${path}: number`];
    case 'array':
      return arrayUnbounded(schema, path);
    case 'object':
      return objectUnbounded(schema, path);
    case 'boolean':
    case 'null':
      return [];
    default:
      return [`${path}: ${type}`];
  }
}

/** One part that bounds a field is enough. */
function allUnbounded(parts: Schema[], path: string): string[] {
  const found = parts.map((part) => unbounded(part, path));
  return found.some((one) => one.length === 0) ? [] : found.flat();
}

function textIsBounded({ maxLength, format, pattern }: Schema): boolean {
  if (maxLength !== undefined || (format !== undefined && BOUNDED_FORMATS.has(format))) return true;
  return pattern !== undefined && boundsLength(pattern);
}

/** Anchored at both ends, and without a repetition that has no end. */
export function boundsLength(pattern: string): boolean {
  const bare = pattern.replaceAll(/\\./g, 'x').replaceAll(/\[(?:[^\]])*\]/g, 'x');
  return bare.startsWith('^') && bare.endsWith('$') && !/[*+]|\{\d+,\}/.test(bare);
}

function numberIsBounded({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): boolean {
  return (
    (minimum !== undefined || exclusiveMinimum !== undefined) &&
    (maximum !== undefined || exclusiveMaximum !== undefined)
  );
}

function arrayUnbounded({ items, prefixItems, maxItems }: Schema, path: string): string[] {
  const tuple = prefixItems ?? [];
  const closed = maxItems !== undefined || (prefixItems !== undefined && items === undefined);
  return [
    ...(closed ? [] : [`${path}: list`]),
    ...tuple.flatMap((one, at) => unbounded(one, `${path}[${at}]`)),
    ...(items === undefined ? [] : unbounded(items, `${path}[]`)),
  ];
}

function objectUnbounded(schema: Schema, path: string): string[] {
  const { properties = {}, additionalProperties, propertyNames, maxProperties } = schema;
  const fields = Object.entries(properties).flatMap(([name, one]) => unbounded(one, `${path}.${name}`));
  if (additionalProperties === undefined || additionalProperties === false) return fields;
  const keys =
    propertyNames === undefined ? [`${path}{key}: text`] : unbounded(propertyNames, `${path}{key}`);
  const few = maxProperties !== undefined || propertyNames?.enum !== undefined;
  return [
    ...fields,
    ...(few ? [] : [`${path}: record`]),
    ...keys,
    ...unbounded(additionalProperties, `${path}{}`),
  ];
}
