/** The audit entry of a step of a change. Pure functions. */
import type { ApiKeyRow } from '#database';
import type { Change as AuditEntry } from '../audit/audit.service.js';
import { subjectOf } from './change-subject.js';
import type { ChangeView } from './changes.js';
import type { ChangeRow } from './changes.repository.js';
import { networksIn } from './concerned-networks.js';

export function entryOf(
  by: ApiKeyRow | 'hub',
  row: ChangeRow,
  step: ChangeView['state'] | 'confirmed',
  reason: string,
): AuditEntry {
  const { id, body, confirmations } = row;
  return {
    by,
    action: `${body.kind} ${step}`,
    subject: subjectOf(body),
    reason,
    change: { id, ...body, waitsFor: awaited(row) },
    networks: [...new Set([...networksIn(body), ...confirmations.map(({ network }) => network)])],
  };
}

/** Networks that have not confirmed yet. */
export function awaited({ confirmations }: ChangeRow): string[] {
  return confirmations.filter(({ state }) => state === 'awaited').map(({ network }) => network);
}
