/** The output of a certification for a terminal. Pure. */
import type { CaseResult, Report } from '#certification';

const MARKS: Record<CaseResult['verdict'], string> = {
  pass: '✓',
  fail: '✗',
  skipped: '–',
  running: '…',
  pending: ' ',
};

export function isDone({ verdict }: CaseResult): boolean {
  return verdict !== 'running' && verdict !== 'pending';
}

export function caseLine({ level, id, title, verdict, reason, ms }: CaseResult): string {
  const time = ms === undefined ? '' : `${ms} ms`;
  const why = reason === undefined ? '' : `  ${reason}`;
  return `${MARKS[verdict]} ${level} ${id.padEnd(15)} ${title.padEnd(28)} ${time.padStart(9)}${why}`;
}

export function summaryLines(report: Report): string[] {
  const count = (verdict: CaseResult['verdict']) =>
    report.cases.filter((one) => one.verdict === verdict).length;
  return [
    `${report.network}, build ${report.build ?? 'unknown'}, suite ${report.suite}:`,
    `${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped; level ${report.level ?? 'none'}`,
  ];
}
