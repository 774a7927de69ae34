import type { Schemas } from '../../../api/contract';

/** An emptied number field is null. */
export type LimitFields = { [Name in keyof Schemas['Limits']]?: number | null };

/** Without limits that were left empty; nothing if all were. */
export function limitsOf(fields: LimitFields | undefined): { limits?: Schemas['Limits'] } {
  const given = Object.entries(fields ?? {}).filter(([, limit]) => typeof limit === 'number');
  return given.length > 0 ? { limits: Object.fromEntries(given) as Schemas['Limits'] } : {};
}
