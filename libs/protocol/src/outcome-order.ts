/** The order of outcomes: an outcome only moves forward, so a repeated, late or contradictory report changes nothing. */
import type { Outcome, OutcomeStage } from './events.js';

export type OutcomeState = Pick<Outcome, 'stage' | 'basis'>;

/** `failed` and `unknown` end an outcome; the others follow one another. */
const RANK: Record<Exclude<OutcomeStage, 'failed' | 'unknown'>, number> = {
  stored: 0,
  submitted: 1,
  delivered: 2,
  read: 3,
};

/**
 * Whether a report moves an outcome forward. `delivered` is final on the word of a device. On any other word it means that
 * servers have accepted the message for the person: they may still report a failure (XMPP returns a message that no device
 * has fetched).
 */
export function movesForward(from: OutcomeState, to: OutcomeState): boolean {
  const before = from.stage;
  if (before === 'failed' || before === 'unknown' || before === 'read') return false;
  switch (to.stage) {
    case 'failed':
      return before !== 'delivered' || from.basis !== 'user-device';
    case 'unknown':
      return before !== 'delivered';
    case 'stored':
    case 'submitted':
    case 'delivered':
    case 'read':
      return RANK[to.stage] > RANK[before];
  }
}
