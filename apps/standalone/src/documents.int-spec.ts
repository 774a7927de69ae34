/** docs/generated is written from the code; when the two differ, run `npm run docs`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RESULT_CODES } from '#protocol';
import { everyDescribed } from '../../console/src/http/examples.js';
import { generatedDocuments } from './documents.js';

let documents: Record<string, string>;
beforeAll(async () => {
  documents = await generatedDocuments();
});

test.each([
  'asyncapi.json',
  'event.schema.json',
  'openapi.json',
  'media-gateway.openapi.json',
  'result-codes.md',
  'vectors.json',
  'problems.md',
  'metrics.md',
  'settings.md',
  'degradation.md',
  'certified-networks.md',
  'open-interface.asyncapi.json',
  'open-interface.openapi.json',
])('%s is what the code says', (name) => {
  const file = join('docs', 'generated', name);
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(documents[name]);
});

test('nothing else lies in docs/generated', () => {
  expect(readdirSync(join('docs', 'generated')).sort()).toEqual(Object.keys(documents).sort());
});

test.each(['asyncapi.json', 'open-interface.asyncapi.json'])('%s is valid', async (name) => {
  const diagnostics = await new Parser().validate(documents[name] ?? '');
  expect(diagnostics.filter(({ severity }) => Number(severity) === 0)).toEqual([]);
});

test('the OpenAPI document is 3.1 and describes every route with its errors', () => {
  const { openapi, paths } = JSON.parse(documents['openapi.json'] ?? '{}') as {
    openapi: string;
    paths: Record<string, object>;
  };
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/v1/networks',
      '/v1/networks/{network}',
      '/v1/messages/{id}/trace',
      '/v1/dead-letters',
      '/v1/keys',
    ]),
  );
});

test('every operation of the console that needs a key names its problem types, and who may call it', () => {
  interface Operation {
    description: string;
    'x-problem-types': string[];
    responses: Record<string, object>;
    security: object[];
  }
  const { paths } = JSON.parse(documents['openapi.json'] ?? '{}') as {
    paths: Record<string, Record<string, Operation>>;
  };
  const operations = Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([, item]) => Object.values(item))
    .filter(({ security }) => security.length > 0);
  expect(operations.length).toBeGreaterThan(100);
  for (const { description, responses, 'x-problem-types': types } of operations) {
    expect(types).toEqual(
      expect.arrayContaining(['invalid', 'unauthenticated', 'forbidden', 'too-many-requests', 'internal']),
    );
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '401', '403', '429', '500']));
    expect(description).toMatch(/Permission: `[a-z-]+:[a-z]+` \([a-z, ]+\)\.$/);
  }
});

describe('every body, answer and parameter of the console', () => {
  const found = () =>
    everyDescribed(JSON.parse(documents['openapi.json'] ?? '{}') as Parameters<typeof everyDescribed>[0]);

  test('has an example', () => {
    expect(found().length).toBeGreaterThan(200);
    const without = found().filter(({ described }) => described.example === undefined);
    expect(without.map(({ what }) => what)).toEqual([]);
  });

  test('has one that is valid', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(JSON.parse(documents['openapi.json'] ?? '{}') as object, 'api');
    const wrong = found().flatMap(({ what, described: { schema = {}, example } }) => {
      const absolute = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
      return ajv.validate(JSON.parse(absolute) as object, example) ? [] : [`${what}: ${ajv.errorsText()}`];
    });
    expect(wrong).toEqual([]);
  });
});

test('every result code has its row', () => {
  for (const code of RESULT_CODES) expect(documents['result-codes.md']).toContain(`\n| ${code} |`);
});
