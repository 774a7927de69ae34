import { progressOf } from './progress';
import type { Case, Verdict } from './compare';

const cases = (...verdicts: Verdict[]): Case[] =>
  verdicts.map((verdict, at) => ({ id: `case-${at}`, verdict, level: 'L1', title: '', evidence: [] }));

describe('progress of a certification', () => {
  it('counts what has ended, and names the case that runs', () => {
    expect(progressOf(cases('pass', 'fail', 'skipped', 'running', 'pending', 'pending'))).toMatchObject({
      all: 6,
      passed: 1,
      failed: 1,
      skipped: 1,
      running: { id: 'case-3' },
      percent: 50,
    });
  });

  it('a report without cases is at the beginning', () => {
    expect(progressOf([])).toMatchObject({ percent: 0, running: undefined });
  });
});
