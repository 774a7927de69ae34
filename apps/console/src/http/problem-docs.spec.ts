import { readFileSync } from 'node:fs';
import { PROBLEMS } from './problems.js';

test('docs/administration.md has every type of problem, with its status', () => {
  const rows = readFileSync('docs/administration.md', 'utf8').split('\n');
  for (const [kind, { status }] of Object.entries(PROBLEMS)) {
    const row = rows.find((line) => line.startsWith('| `') && line.includes(`\`${kind}\``));
    expect({ kind, row }).toEqual({ kind, row: expect.stringContaining(String(status)) as string });
  }
});
