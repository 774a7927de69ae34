/** Where a form shows the faults that the API found. */
import { ApiProblem, type FieldFault } from '../../../api/problem';

export type FieldPath = (string | number)[];

export interface PlacedFault {
  name: FieldPath;
  errors: string[];
}

/** Names of fields in requests, relative to the terms that the form edits. */
function relative(field: string): string {
  return field.replace(/^change\./, '').replace(/^terms\./, '');
}

/** A conflict names its field at the beginning of the detail: "validFrom: ...". */
function faultsIn(problem: ApiProblem): FieldFault[] {
  if (problem.faults.length > 0) return problem.faults;
  const [, field, rule] = /^([a-z][\w.]*): (.+)$/i.exec(problem.detail) ?? [];
  return field !== undefined && rule !== undefined ? [{ field, rule }] : [];
}

/**
 * @param placeOf path of the form field for a field of the terms; undefined: the form has no such field
 * @returns all: whether each fault has a place
 */
export function placedFaults(
  error: unknown,
  placeOf: (field: string) => FieldPath | undefined,
): { placed: PlacedFault[]; all: boolean } {
  const faults = error instanceof ApiProblem ? faultsIn(error) : [];
  const placed = faults.flatMap(({ field, rule }) => {
    const name = placeOf(relative(field));
    return name ? [{ name, errors: [rule] }] : [];
  });
  return { placed, all: faults.length > 0 && placed.length === faults.length };
}

/** For a form whose fields are called as those of the terms. @param fields first names of their paths */
export function sameNames(fields: readonly string[]): (field: string) => FieldPath | undefined {
  return (field) => {
    const path = field.split('.');
    // An entry of a list is edited by the field of the list.
    const name = path.slice(0, /^\d+$/.test(path[1] ?? '') ? 1 : undefined);
    return fields.includes(path[0] ?? '') ? name : undefined;
  };
}
