/** Checks which problem types are used and described. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEM_KINDS, PROBLEMS, problemsPage } from '#http';

/** Files whose errors are answered on the bus, with a result code, or end a call. */
const ANSWER_ON_THE_BUS = [
  'calls/call-pages.ts',
  'calls/calls.service.ts',
  'calls/janus.client.ts',
  'calls/janus.connection.ts',
  'certification/test-people.controller.ts',
  'credentials/credentials.service.ts',
  'networks/sign-on.controller.ts',
  'numbers/directory.controller.ts',
];

test('docs/generated/problems.md has every type of problem, with its status', () => {
  const rows = problemsPage().split('\n');
  for (const [kind, { status }] of Object.entries(PROBLEMS)) {
    const row = rows.find((line) => line.startsWith('| `') && line.includes(`:${kind}\``));
    expect({ kind, row }).toEqual({ kind, row: expect.stringContaining(String(status)) as string });
  }
});

/** Fastify refuses these itself. */
const OF_FASTIFY = ['unsupported-media-type'];
const files = ['apps/console/src', 'apps/media-gateway/src', 'libs/http/src'].flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .map((file) => join(folder, String(file)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts')),
);

function matches(pattern: RegExp, among: string[]): { file: string; found: string }[] {
  return among.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, found = '']) => ({ file, found })),
  );
}

test('what is refused over HTTP has a problem type; result codes are used in answers on the bus only', () => {
  const overHttp = files.filter(
    (file) => !ANSWER_ON_THE_BUS.some((one) => file.endsWith(one)) && !file.endsWith('/problem-results.ts'),
  );
  expect(overHttp.length).toBeGreaterThan(100);
  expect(matches(/new HubError\(\s*(\S+)/g, overHttp)).toEqual([]);
});

test('every type that is thrown is in the table, and every row of the table is used', () => {
  const thrown = matches(/new ApiProblem\(\s*'([^']+)'/g, files).map(({ found }) => found);
  const results = matches(/^ {2}'\d+': '([a-z-]+)',$/gm, ['libs/http/src/problem-results.ts']).map(
    ({ found }) => found,
  );
  const kinds: string[] = PROBLEM_KINDS;
  expect(thrown.length).toBeGreaterThan(100);
  expect([...thrown, ...results].filter((kind) => !kinds.includes(kind))).toEqual([]);
  const used = new Set([...thrown, ...results, ...OF_FASTIFY]);
  expect(kinds.filter((kind) => !used.has(kind))).toEqual([]);
});
