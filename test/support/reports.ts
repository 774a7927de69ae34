/** Reports of certifications, as a run would have stored them. */
import { randomUUID } from 'node:crypto';
import { blankReport, type CaseResult, type Report } from '#certification';
import { network } from '#protocol';
import type { ConsoleFixture } from './console-fixture.js';

/** A report in which the named cases have these results, and all others passed. */
export function reportWith(
  slug: string,
  others: Record<string, Pick<CaseResult, 'verdict'> & Partial<CaseResult>>,
): Report {
  const report = blankReport({ network: network(slug), loopback: 'echo@example.org' });
  for (const one of report.cases) Object.assign(one, { verdict: 'pass', ms: 12 }, others[one.id]);
  return report;
}

/** @returns its id */
export async function storeReport(
  console: ConsoleFixture,
  report: Report,
  state: 'running' | 'failed',
  at: string,
): Promise<string> {
  const id = randomUUID();
  await console.sql(
    `INSERT INTO certification (id, network, build, suite_version, report, state, at, by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'operator of a test')`,
    [id, report.network, report.build, report.suite, JSON.stringify(report), state, at],
  );
  return id;
}
