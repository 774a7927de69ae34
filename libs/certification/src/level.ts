/** Which level the cases add up to. */
import { CERTIFICATION_LEVELS, type CertificationLevel } from '#protocol';
import type { CaseResult } from './report.js';

type Judged = Pick<CaseResult, 'level' | 'verdict' | 'notDeclared'>;

/** The highest level that is kept, together with all below it. */
export function levelReached(cases: readonly Judged[]): CertificationLevel | null {
  let reached: CertificationLevel | null = null;
  for (const level of CERTIFICATION_LEVELS) {
    if (!isKept(cases.filter((one) => one.level === level))) return reached;
    reached = level;
  }
  return reached;
}

/** Where everything was skipped nothing was shown, however good the reasons. */
function isKept(cases: readonly Judged[]): boolean {
  return cases.some(({ verdict }) => verdict === 'pass') && cases.every(isFine);
}

/** A case that was skipped for any other reason than that nothing of the kind is declared is missing. */
function isFine({ verdict, notDeclared }: Judged): boolean {
  return verdict === 'pass' || (verdict === 'skipped' && notDeclared === true);
}
