/** The suite as a Markdown table. A test compares it with docs/certification.md. */
import type { CertificationCase } from './case.js';

export function casesTable(cases: readonly CertificationCase[]): string {
  const rows = cases.map(
    ({ id, level, title, proves, needs }) =>
      `| ${level} | \`${id}\` | ${title} | ${proves} | ${needs?.what ?? 'every adapter'} |`,
  );
  return ['| level | case | what | passes if | required of |', '|---|---|---|---|---|', ...rows].join('\n');
}
