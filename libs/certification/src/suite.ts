/** The cases of the suite, and its version. A certificate is valid for one version. */
import { createHash } from 'node:crypto';
import type { CertificationCase } from './case.js';
import { LEVEL_1 } from './cases/level-1.js';
import { LEVEL_2 } from './cases/level-2.js';
import { LEVEL_3 } from './cases/level-3.js';

export const CASES: readonly CertificationCase[] = [...LEVEL_1, ...LEVEL_2, ...LEVEL_3];

/** Increased when a case is added, removed or has other requirements. */
export const SUITE_VERSION = '5';

export function fingerprint(cases: readonly CertificationCase[]): string {
  const lines = cases.map(({ id, level, needs, proves }) => [id, level, needs?.what ?? '', proves].join('|'));
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}
