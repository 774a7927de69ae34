/** The suite as a table for people: docs/certification.md has it, and a test compares. */
import type { CertificationCase } from './case.js';

export function casesTable(cases: readonly CertificationCase[]): string {
  const rows = cases.map(
    ({ id, level, title, proves, needs }) =>
      `| ${level} | \`${id}\` | ${title} | ${proves} | ${needs?.what ?? 'every adapter'} |`,
  );
  return ['| level | case | what | passes when | asked of |', '|---|---|---|---|---|', ...rows].join('\n');
}
