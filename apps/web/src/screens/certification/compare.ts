/** What changed between two reports of a network. Pure functions. */
import type { Schemas } from '../../api/contract';

export type Case = Schemas['CertificationCase'];
export type Verdict = Case['verdict'];

export interface CaseChange {
  id: string;
  /** Of the newer report, or of the older one if the newer has no such case. */
  case: Case;
  before: Verdict | undefined;
  after: Verdict | undefined;
}

export interface Comparison {
  newlyFailing: CaseChange[];
  newlyPassing: CaseChange[];
  stillFailing: CaseChange[];
  /** Other differences: skipped now or before, not run to the end, or a case of one version of the suite only. */
  other: CaseChange[];
}

/** @param before cases of the older report */
export function compare(before: readonly Case[], after: readonly Case[]): Comparison {
  const comparison: Comparison = { newlyFailing: [], newlyPassing: [], stillFailing: [], other: [] };
  const older = new Map(before.map((one) => [one.id, one]));
  const newer = new Set(after.map(({ id }) => id));
  const changes = [
    ...after.map((one) => changeOf(older.get(one.id), one)),
    ...before.filter(({ id }) => !newer.has(id)).map((one) => changeOf(one, undefined)),
  ];
  for (const change of changes.flatMap((one) => one ?? [])) {
    const group = groupOf(change);
    if (group) comparison[group].push(change);
  }
  return comparison;
}

function changeOf(before: Case | undefined, after: Case | undefined): CaseChange | undefined {
  const one = after ?? before;
  return one && { id: one.id, case: one, before: before?.verdict, after: after?.verdict };
}

function groupOf({ before, after }: CaseChange): keyof Comparison | undefined {
  if (after === 'fail') return before === 'fail' ? 'stillFailing' : 'newlyFailing';
  if (before === 'fail' && after === 'pass') return 'newlyPassing';
  return before === after ? undefined : 'other';
}
