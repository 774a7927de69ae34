import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { casesTable } from './cases-table.js';
import { CASES, fingerprint, SUITE_VERSION } from './suite.js';

test('a change of the cases is a new version of the suite', () => {
  // Whoever changes one of these lines changes both, and every adapter is tried again.
  expect({ version: SUITE_VERSION, fingerprint: fingerprint(CASES) }).toEqual({
    version: '3',
    fingerprint: '571f07d58ce915b9',
  });
});

test('a fingerprint is of ids, levels, needs and what they prove', () => {
  const [first] = CASES;
  if (!first) throw new Error('there are no cases');
  for (const other of [{ id: 'x' }, { level: 'L3' as const }, { proves: 'x' }])
    expect(fingerprint([{ ...first, ...other }])).not.toBe(fingerprint([first]));
});

test('no id is there twice', () => {
  expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
});

test('docs/certification.md has the cases as they are', () => {
  expect(readFileSync(join('docs', 'certification.md'), 'utf8')).toContain(casesTable(CASES));
});
