/** Text of the announcement to both sides of a dispute about a step. */
import { decimalOf } from '../settlement/amount.js';
import type { DisputeRow } from './disputes.repository.js';
import { allowed, isAwaiting, LIFECYCLE } from './lifecycle.js';

/** @param text reason of the person who acted. It comes last because long announcements are cut */
export function wordsOf(row: DisputeRow, action: string, side: string, text: string): string {
  const { reference, to_network: to, claimant, respondent, kind, amount, state } = row;
  const about =
    `Dispute of ${claimant} against ${respondent} about the message ${reference} to ${to} as ${kind}, ` +
    `${decimalOf(BigInt(amount))} yuan`;
  const by = side === 'claimant' || side === 'respondent' ? `${side} ${row[side]}` : side;
  return `${about}. Step: ${action}, by ${by}; state: ${state}. ${whatFollows(row)} Reason: ${text}`;
}

function whatFollows(row: DisputeRow): string {
  const { state, deadline, outcome, ground, ruling, reminded } = row;
  const until = deadline?.toISOString();
  if (state === 'closed')
    return outcome === 'claimant'
      ? `It ended for the claimant (${ground}): the respondent pays with the next close of a business day.`
      : `It ended for the respondent (${ground}): nobody pays.`;
  if (!isAwaiting(state))
    return `It takes effect for the ${ruling} at ${until}${
      state === 'arbitrated' ? '' : ', unless two admins confirm or overturn it before'
    }.`;
  const { awaits, defaultFor } = LIFECYCLE[state];
  const moves = allowed(row).map(({ action, by }) => `${by}: ${action}`);
  const then = reminded ? `a default for the ${defaultFor} is ruled` : 'both sides are reminded';
  return `The ${awaits} is awaited until ${until}; then ${then}. Possible: ${moves.join(', ')}.`;
}
