/** The routes of the console as its OpenAPI document has them, with a valid example of each body and parameter. */
import type { ConsoleFixture } from './console-fixture.js';

export interface DocumentedRoute {
  method: string;
  /** With `{name}` for each parameter. */
  template: string;
  /** The template with the example of each parameter. */
  path: string;
  parameters: Parameter[];
  /** The example; undefined for a route without a body. */
  body: Record<string, unknown> | undefined;
  /** The names of the fields of its answer, if that is an object. */
  answers: string[];
  /** Its answer does not end by itself. */
  streams: boolean;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  example?: unknown;
  schema?: { format?: string };
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { example?: Record<string, unknown> }> };
  responses: Record<string, { content?: Record<string, { example?: unknown }> }>;
  security?: unknown[];
}

/** Those that need a key. */
export async function documentedRoutes(console: ConsoleFixture): Promise<DocumentedRoute[]> {
  type Document = { paths: Record<string, Record<string, Operation>> };
  const { body } = await console.call<Document>(undefined, 'GET', '/docs/openapi.json');
  return Object.entries(body.paths)
    .filter(([template]) => template.startsWith('/v1/'))
    .flatMap(([template, methods]) =>
      Object.entries(methods)
        .filter(([, { security = [] }]) => security.length > 0)
        .map(([method, operation]) => routeOf(method, template, operation)),
    );
}

function routeOf(method: string, template: string, operation: Operation): DocumentedRoute {
  const { parameters = [], requestBody, responses } = operation;
  const needed = parameters.filter((one) => one.in === 'query' && one.required);
  const query = needed.map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`).join('&');
  const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  const example = answer?.content?.['application/json']?.example;
  return {
    method: method.toUpperCase(),
    template,
    path: pathOf(template, parameters) + (query === '' ? '' : `?${query}`),
    parameters,
    body: requestBody?.content['application/json']?.example,
    answers: typeof example === 'object' && example !== null ? Object.keys(example) : [],
    streams: answer?.content?.['text/event-stream'] !== undefined,
  };
}

/** @param instead value of one parameter in place of its example */
export function pathOf(
  template: string,
  parameters: Parameter[],
  instead: Record<string, string> = {},
): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const example = parameters.find((one) => one.in === 'path' && one.name === name)?.example;
    return encodeURIComponent(instead[name] ?? String(example));
  });
}

/** Every object inside a value, with the path to it. */
export function objectsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, inner]) => objectsIn(inner, [...path, key]));
  return Array.isArray(value) ? inside : [path, ...inside];
}

/** Every text inside a value, with the path to it. */
export function textsIn(value: unknown, path: string[] = []): { path: string[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]));
}

/** A copy with another value at a path. */
export function withValue(value: object, path: string[], instead: unknown): Record<string, unknown> {
  const copy = structuredClone(value) as Record<string, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path.at(-1) ?? ''] = instead;
  return copy;
}
