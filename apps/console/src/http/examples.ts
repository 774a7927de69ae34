/**
 * Adds an example of every body, answer and parameter to the OpenAPI document, made from examples of fields, so that no route has to
 * give its own. `documents.int-spec` checks that none is missing and that each is valid.
 */
import type { OpenAPIObject } from '@nestjs/swagger';
import { FIELDS, type Json } from './example-fields.js';

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  type?: string | string[];
  pattern?: string;
  enum?: Json[];
  const?: Json;
  default?: Json;
  /** The first example of the schema itself. */
  example?: Json;
}

interface Described {
  schema?: Schema;
  example?: Json;
}

interface Operation {
  parameters?: (Described & { name: string })[];
  requestBody?: { content: Record<string, Described> };
  responses: Record<string, { content?: Record<string, Described> }>;
}

interface Found {
  what: string;
  path: string;
  name: string;
  described: Described;
}

const JSON_TYPE = 'application/json';

export function withExamples(document: OpenAPIObject): OpenAPIObject {
  const examples = new Examples(document.components?.schemas ?? {});
  for (const { path, name, described } of everyDescribed(document)) {
    const example = described.schema && examples.of(described.schema, name, path);
    if (example !== undefined) described.example = example;
  }
  return document;
}

/** Every parameter, JSON body and answer. @returns `what`: its description in error messages */
export function everyDescribed({ paths }: Pick<OpenAPIObject, 'paths'>): Found[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).flatMap(([method, operation]) => {
      const { parameters = [], requestBody, responses } = operation;
      const found: [string, string, Described | undefined][] = [
        ...parameters.map((one): [string, string, Described] => [one.name, one.name, one]),
        ['body', '', requestBody?.content[JSON_TYPE]],
        ...Object.entries(responses).map(([status, { content }]): [string, string, Described | undefined] => [
          status,
          '',
          content?.[JSON_TYPE],
        ]),
      ];
      return found.flatMap(([word, name, described]) =>
        described ? [{ what: `${method.toUpperCase()} ${path} ${word}`, path, name, described }] : [],
      );
    }),
  );
}

class Examples {
  constructor(private readonly schemas: Record<string, Schema>) {}

  /** @param owner the named schema, or the path, that has this field. @returns undefined if there is no example */
  of(schema: Schema, field: string, owner: string): Json | undefined {
    const own = FIELDS[`${owner}.${field}`];
    if (own !== undefined) return own;
    const { $ref, example, properties, items, anyOf, oneOf, allOf } = schema;
    if (example !== undefined) return example;
    const usual = FIELDS[field];
    if (usual !== undefined && this.fits(usual, schema)) return usual;
    if ($ref !== undefined) return this.of(this.named($ref), field, nameIn($ref));
    if (properties) return this.objectOf(properties, owner);
    const [one] = (anyOf ?? oneOf ?? allOf ?? []).filter(({ type }) => type !== 'null');
    if (one) return this.of(one, field, owner);
    const item = items && this.of(items, field, owner);
    if (item !== undefined) return [item];
    return (
      schema.const ?? schema.default ?? schema.enum?.[0] ?? (schema.type === 'boolean' ? false : undefined)
    );
  }

  private objectOf(properties: Record<string, Schema>, owner: string): Json {
    const fields = Object.entries(properties).map(
      ([name, schema]) => [name, this.of(schema, name, owner)] as const,
    );
    return Object.fromEntries(
      fields.flatMap(([name, example]) => (example === undefined ? [] : [[name, example]])),
    );
  }

  /** The part of the owner that distinguishes fields with the same name. */
  private fits(value: Json, { $ref, anyOf, type, properties, pattern, enum: allowed }: Schema): boolean {
    if ($ref !== undefined) return this.fits(value, this.named($ref));
    if (anyOf) return anyOf.some((one) => this.fits(value, one));
    if (properties || (allowed && !allowed.includes(value))) return false;
    if (typeof value === 'string' && pattern !== undefined && !new RegExp(pattern, 'u').test(value))
      return false;
    const types = type === undefined || Array.isArray(type) ? (type ?? [typeOf(value)]) : [type];
    return types.some((one) => one === typeOf(value) || (one === 'integer' && Number.isInteger(value)));
  }

  private named($ref: string): Schema {
    return this.schemas[nameIn($ref)] ?? {};
  }
}

function nameIn($ref: string): string {
  return $ref.slice($ref.lastIndexOf('/') + 1);
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
