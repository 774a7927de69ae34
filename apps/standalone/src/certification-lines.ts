/** The output of a certification for a terminal. Pure. */
import { adviceFor, documentedWords, summary, type CaseResult, type Report } from '#certification';

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
  return [
    `${report.network}, build ${report.build ?? 'unknown'}, suite ${report.suite}: level ${report.level ?? 'none'}`,
    summary(report),
    ...report.cases.filter(({ verdict }) => verdict === 'fail').flatMap(adviceLines),
  ];
}

function adviceLines({ id }: CaseResult): string[] {
  const advice = adviceFor(id);
  return advice ? [`${id}: ${advice.remedy}`, `  ${documentedWords(advice.documented)}`] : [];
}
