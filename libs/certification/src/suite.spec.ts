import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { casesTable } from './cases-table.js';
import { CASES, fingerprint, SUITE_VERSION } from './suite.js';

test('a change of the cases is a new version of the suite', () => {
  // With other requirements change both: every adapter is then certified again. With other words only, change the fingerprint.
  expect({ version: SUITE_VERSION, fingerprint: fingerprint(CASES) }).toEqual({
    version: '5',
    fingerprint: '51dcbd87bcd558e1',
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

test('what to do about a failure is documented under a heading that exists', () => {
  for (const { id, documented } of CASES) {
    const text = readFileSync(join('docs', documented.file), 'utf8');
    expect({ id, found: new RegExp(`^#+ ${documented.heading}$`, 'm').test(text) }).toEqual({
      id,
      found: true,
    });
  }
});
