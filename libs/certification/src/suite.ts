/** The suite as data, and its version: a certificate is of one version, so a change of the cases needs a new one. */
import { createHash } from 'node:crypto';
import type { CertificationCase } from './case.js';
import { LEVEL_1 } from './cases/level-1.js';
import { LEVEL_2 } from './cases/level-2.js';
import { LEVEL_3 } from './cases/level-3.js';

export const CASES: readonly CertificationCase[] = [...LEVEL_1, ...LEVEL_2, ...LEVEL_3];

/** Counts up when a case is added, taken away or asks for something else; `suite.spec.ts` notices the first two. */
export const SUITE_VERSION = '3';

export function fingerprint(cases: readonly CertificationCase[]): string {
  const lines = cases.map(({ id, level, needs, proves }) => [id, level, needs?.what ?? '', proves].join('|'));
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}
