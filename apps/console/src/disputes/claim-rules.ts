/** Rules for opening a dispute: which record, what amount, how many. Each rule throws the problem that the caller gets. */
import type { EntityManager } from 'typeorm';
import { recordPrice } from '#clearing-store';
import { ApiProblem } from '#http';
import { decimalOf, millionths } from '../settlement/amount.js';
import { findConfirmation, lockStatement } from '../settlement/settlement.repository.js';
import {
  alreadyPaid,
  insertDispute,
  lockOpenOf,
  type DisputeRow,
  type RecordRow,
} from './disputes.repository.js';
import { DAYS_TO_OPEN, MOST_OPEN, SCHEDULE, type Kind } from './dispute-kinds.js';

const DAY_MS = 24 * 3600_000;

export function mustBeRecent({ at }: RecordRow, now: Date): void {
  if (at && now.getTime() - at.getTime() > DAYS_TO_OPEN * DAY_MS)
    throw new ApiProblem('invalid', `reference: the message ended more than ${DAYS_TO_OPEN} days ago`);
}

/** Locks the statement, so that it cannot be confirmed until the end of the transaction. */
export async function mustBeUnconfirmed(
  manager: EntityManager,
  { date }: RecordRow,
  claimant: string,
  kind: Kind,
): Promise<void> {
  if (SCHEDULE[kind].afterConfirmation) return;
  await lockStatement(manager, date, claimant);
  if (await findConfirmation(manager, date, claimant))
    throw new ApiProblem(
      'conflict',
      `${claimant} has confirmed the business day ${date}, whose clearing file showed what is claimed as ${kind}`,
    );
}

export async function mustHaveRoom(manager: EntityManager, claimant: string): Promise<void> {
  if ((await lockOpenOf(manager, claimant)) >= MOST_OPEN)
    throw new ApiProblem(
      'conflict',
      `${claimant} has ${MOST_OPEN} open disputes, the maximum for a member: close some first`,
    );
}

/** Inserts the dispute before it checks the amount: after the insert no other dispute of the record is open, and what earlier ones paid is known. */
export async function insertWithinPrice(manager: EntityManager, row: DisputeRow): Promise<void> {
  const { reference, to_network: to, kind, amount } = row;
  if (!(await insertDispute(manager, row)))
    throw new ApiProblem(
      'conflict',
      `there is an open dispute of ${reference} to ${to}, or one as ${kind} that was not withdrawn`,
    );
  const price = await recordPrice(manager, reference, to);
  const paid = await alreadyPaid(manager, row);
  const left = price > paid ? price - paid : 0n;
  const most = left + millionths(SCHEDULE[kind].fee);
  if (BigInt(amount) > most)
    throw new ApiProblem(
      'invalid',
      `amount: ${decimalOf(most)} yuan at most: ${decimalOf(left)} of the price of the record that was not paid back ` +
        `before, and the fee of ${SCHEDULE[kind].fee} for ${kind}`,
    );
}
