/** Where problems are used and described. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEMS } from '#http';

/** They answer on the bus, where an error is a result code. */
const ANSWER_ON_THE_BUS = [
  'credentials/credentials.service.ts',
  'networks/sign-on.controller.ts',
  'numbers/directory.controller.ts',
];

test('docs/administration.md has every type of problem, with its status', () => {
  const rows = readFileSync('docs/administration.md', 'utf8').split('\n');
  for (const [kind, { status }] of Object.entries(PROBLEMS)) {
    const row = rows.find((line) => line.startsWith('| `') && line.includes(`\`${kind}\``));
    expect({ kind, row }).toEqual({ kind, row: expect.stringContaining(String(status)) as string });
  }
});

test('what is refused over HTTP has a type of its own; a result code is used where a delivery is meant', () => {
  const folder = 'apps/console/src';
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts') && !ANSWER_ON_THE_BUS.includes(file));
  const used = files.flatMap((file) =>
    [
      ...readFileSync(join(folder, file), 'utf8').matchAll(
        /new HubError\(\s*'(14|15|30|31|36|61|91|94|96)'/g,
      ),
    ].map(([, code]) => `${file}: ${code}`),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(used).toEqual([]);
});
