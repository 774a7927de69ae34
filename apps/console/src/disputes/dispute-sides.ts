/** Who is which side of a dispute, and what a missed deadline is called. Pure functions. */
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import type { DisputeRow } from './disputes.repository.js';
import type { Actor, Position } from './lifecycle.js';

/** Name of the step that follows a missed deadline. */
export function expiryOf({ state }: Position, next: Position): 'remind' | 'default' | 'take-effect' {
  if (next.state === state) return 'remind';
  return next.state === 'closed' ? 'take-effect' : 'default';
}

/** The network of the caller is the claimant, the other one of the record the respondent. @returns undefined if the record is not the caller's */
export function sidesOf(
  { from_network: from, to_network: to }: { from_network: string; to_network: string },
  network: string | null,
): { claimant: string; respondent: string } | undefined {
  if (from === to) return undefined;
  if (network === from) return { claimant: from, respondent: to };
  if (network === to) return { claimant: to, respondent: from };
  return undefined;
}

/** An operator gets the same answer for a dispute of others as for one that does not exist. */
export function ofCaller(row: DisputeRow | undefined, caller: ApiKeyRow, id: string): DisputeRow {
  const foreign =
    caller.role === 'operator' && row?.claimant !== caller.network && row?.respondent !== caller.network;
  if (!row || foreign) throw new ApiProblem('not-found', `no dispute ${id}`);
  return row;
}

export function actorOf(caller: ApiKeyRow, row: DisputeRow): Actor {
  if (caller.role !== 'operator') return 'admin';
  return caller.network === row.claimant ? 'claimant' : 'respondent';
}
