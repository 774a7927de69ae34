/** Lifecycle of a membership: the possible steps from each state, as a table. */
import { ApiProblem } from '#http';
import { type MemberState } from '#protocol';

export const MEMBER_ACTIONS = ['approve', 'enable', 'suspend', 'leave', 'stay', 'remove'] as const;
export type MemberAction = (typeof MEMBER_ACTIONS)[number];

export const MEMBERSHIP: Record<
  MemberAction,
  { from: readonly MemberState[]; to: MemberState; what: string }
> = {
  approve: { from: ['applied'], to: 'approved', what: 'admitted; not yet open' },
  enable: {
    from: ['approved', 'suspended'],
    to: 'live',
    what: 'traffic flows; until its date, if it is leaving',
  },
  suspend: {
    from: ['live', 'leaving'],
    to: 'suspended',
    what: 'no traffic until it is enabled again, or an unconfirmed emergency suspension expires',
  },
  leave: { from: ['live'], to: 'leaving', what: 'open until its date; its people are told' },
  stay: { from: ['leaving'], to: 'live', what: 'does not leave after all' },
  remove: { from: ['applied', 'approved', 'suspended', 'leaving'], to: 'gone', what: 'closed for good' },
};

/** @throws ApiProblem conflict that names the possible steps */
export function moved(state: MemberState, action: MemberAction): MemberState {
  const { from, to } = MEMBERSHIP[action];
  if (state === to) return to;
  if (!from.includes(state)) {
    const possible = MEMBER_ACTIONS.filter((other) => MEMBERSHIP[other].from.includes(state));
    throw new ApiProblem(
      'conflict',
      `a network that is ${state} cannot ${action}; it can ${possible.join(', ') || 'do nothing more'}`,
    );
  }
  return to;
}
