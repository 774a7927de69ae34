/** The level that follows from the results of the cases. */
import { CERTIFICATION_LEVELS, type CertificationLevel } from '#protocol';
import type { CaseResult } from './report.js';

type Judged = Pick<CaseResult, 'level' | 'verdict' | 'notDeclared'>;

/** The highest level that is passed together with all levels below it. */
export function levelReached(cases: readonly Judged[]): CertificationLevel | null {
  let reached: CertificationLevel | null = null;
  for (const level of CERTIFICATION_LEVELS) {
    if (!isKept(cases.filter((one) => one.level === level))) return reached;
    reached = level;
  }
  return reached;
}

/** A level with skipped cases only is not passed. */
function isKept(cases: readonly Judged[]): boolean {
  return cases.some(({ verdict }) => verdict === 'pass') && cases.every(isFine);
}

/** A case that was skipped counts only if the adapter does not declare the feature. */
function isFine({ verdict, notDeclared }: Judged): boolean {
  return verdict === 'pass' || (verdict === 'skipped' && notDeclared === true);
}
