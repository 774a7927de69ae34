/** The part of a report that everybody may see. Pure. */
import type { Report } from './report.js';

const ADDRESS = /im:[^\s@,;]+@([a-z][a-z0-9-]*)/g;

/** Without the account of the loopback, without local parts of addresses, and without observations. */
export function forEverybody(report: Report): Report {
  const { loopback } = report;
  const clean = (text: string) => text.replace(ADDRESS, 'im:…@$1').replaceAll(loopback, '(the loopback)');
  return {
    ...report,
    loopback: '',
    cases: report.cases.map(({ reason, ...one }) => ({
      ...one,
      ...(reason === undefined ? {} : { reason: clean(reason) }),
      evidence: [],
    })),
  };
}
