/** Every field of every schema has a bound: those of the bus, of the console and of the open interface. */
import { z } from 'zod';
import { boundsLength, unbounded } from '../../../test/support/unbounded.js';
import { generatedDocuments } from './documents.js';

type Json = Record<string, unknown>;
let documents: Record<string, string>;
beforeAll(async () => {
  // Loads every module, and with it every schema.
  documents = await generatedDocuments();
});

function schemas(io: 'input' | 'output'): [string, Json][] {
  const made = z.toJSONSchema(z.globalRegistry, { io, unrepresentable: 'any' }) as {
    schemas: Record<string, Json>;
  };
  return Object.entries(made.schemas);
}

/** Every schema in an OpenAPI or AsyncAPI document, with the way to it. */
function schemasIn(node: unknown, path: string): [string, Json][] {
  if (Array.isArray(node)) return node.flatMap((one, at) => schemasIn(one, `${path}/${at}`));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]): [string, Json][] => {
    if (key === 'schema' || key === 'payload') return [[`${path}/${key}`, value as Json]];
    if (key === 'schemas') return Object.entries(value as Json).map(([id, one]) => [id, one as Json]);
    return key === 'example' || key === 'examples' ? [] : schemasIn(value, `${path}/${key}`);
  });
}

/** Bounded elsewhere, by the end of the path, and where. */
const ELSEWHERE: [path: RegExp, where: string][] = [
  [/Batch\.events\[\]: anything$/, 'by the size of the body; each is checked as an OpenEvent by itself'],
  [
    /(SocketFrame|frame\/payload)\|0\.event: anything$/,
    'by the size of a frame; it is checked as an OpenEvent',
  ],
  [/AuditEntry\.change: anything$/, 'written by the console from input that was checked'],
  [/BusinessDayManifest\.members\{\}: anything$/, 'written by clearing, read with a schema of its own'],
  // COMPAT(@nestjs/swagger 12): drops the names of the keys, which zod checks.
  [
    /(Capabilities\.features|BusinessDayManifest\.members|SavedView\.search)(\{key\}: text|: record)$/,
    'keys are an enum, slugs or short names',
  ],
];

function unboundedIn(found: [string, Json][]): string[] {
  const lacking = found.flatMap(([name, schema]) => unbounded(schema, name));
  return lacking.filter((path) => !ELSEWHERE.some(([pattern]) => pattern.test(path)));
}

test('the walk finds what has no bound, and nothing else', () => {
  const sample = z.object({
    text: z.string(),
    list: z.array(z.boolean()),
    deep: z.object({ number: z.number().min(0), any: z.unknown() }),
    record: z.record(z.string().max(10), z.boolean()),
    open: z.string().regex(/^a+$/),
    closed: z.string().regex(/^[a-z+]{1,8}\*?$/),
    id: z.uuid(),
    int: z.int(),
    kind: z.enum(['a', 'b']).nullable(),
    few: z.record(z.enum(['a', 'b']), z.boolean()),
  });
  expect(unbounded(z.toJSONSchema(sample) as Json, 'sample').sort()).toEqual([
    'sample.deep.any: anything',
    'sample.deep.number: number',
    'sample.list: list',
    'sample.open: text',
    'sample.record: record',
    'sample.text: text',
  ]);
  expect([boundsLength('^[a-z]{1,3}$'), boundsLength('[a-z]{1,3}'), boundsLength('^a{2,}$')]).toEqual([
    true,
    false,
    false,
  ]);
});

test.each(['input', 'output'] as const)('every schema with a name, as %s', (io) => {
  const found = schemas(io);
  expect(found.length).toBeGreaterThan(100);
  expect(unboundedIn(found)).toEqual([]);
});

test.each([
  ['openapi.json', 200],
  ['media-gateway.openapi.json', 3],
  ['asyncapi.json', 20],
  ['open-interface.openapi.json', 10],
  ['open-interface.asyncapi.json', 4],
])('every body, answer and parameter of %s', (name, atLeast) => {
  const found = schemasIn(JSON.parse(documents[name] ?? '{}'), '');
  expect(found.length).toBeGreaterThanOrEqual(atLeast);
  expect(unboundedIn(found)).toEqual([]);
});
