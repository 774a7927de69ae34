/** Audit entry of a change of somebody's sign-in. Pure. */
import type { PersonRow } from '#database';
import type { Change } from '../audit/audit.service.js';

export function noted(
  by: Change['by'],
  { id, network }: PersonRow,
  verb: string,
  reason: string,
  change: unknown = null,
): Change {
  const networks = network === null ? [] : [network];
  return { by, action: `person.${verb}`, subject: `person/${id}`, reason, change, networks };
}
