/** How far a run is, and what stands in its way. Pure functions. */
import type { Case } from './compare';

export interface Progress {
  all: number;
  passed: number;
  failed: number;
  skipped: number;
  /** The case that runs now. */
  running: Case | undefined;
  /** Whole percent. */
  percent: number;
}

export function progressOf(cases: readonly Case[]): Progress {
  const count = (verdict: Case['verdict']) => cases.filter((one) => one.verdict === verdict).length;
  const [passed, failed, skipped] = [count('pass'), count('fail'), count('skipped')];
  const ended = passed + failed + skipped;
  return {
    all: cases.length,
    passed,
    failed,
    skipped,
    running: cases.find(({ verdict }) => verdict === 'running'),
    percent: cases.length === 0 ? 0 : Math.floor((ended / cases.length) * 100),
  };
}
