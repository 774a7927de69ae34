import { ApiProblem } from '#http';
/**
 * The ladder of a dispute, after that of the card schemes: who may do what on which stage, until when, and what follows when
 * nobody does. Pure: the position, the act and the time in, the next position out.
 */

export const STATES = [
  'opened',
  'evidence_requested',
  'answered',
  'charged_back',
  'represented',
  'default_pending_review',
  'arbitrated',
  'closed',
] as const;
export type State = (typeof STATES)[number];
export type OpenState = Exclude<State, 'closed'>;

export const SIDES = ['claimant', 'respondent'] as const;
export type Side = (typeof SIDES)[number];
export type Actor = Side | 'admin';

export const ACTIONS = [
  'request-evidence',
  'answer',
  'charge-back',
  'represent',
  'arbitrate',
  'confirm-default',
  'overturn-default',
  'accept',
  'withdraw',
] as const;
export type Action = (typeof ACTIONS)[number];
/** Acts of the admins, two of whom agree on each; `ruling` is for `arbitrate` alone. */
export type AdminAction = 'arbitrate' | 'confirm-default' | 'overturn-default';

/** Why it ended. */
export const GROUNDS = ['accepted', 'withdrawn', 'silence', 'ruling'] as const;
export type Ground = (typeof GROUNDS)[number];

/** The stages on which somebody is waited for, and on which silence leads to a default. */
export type AwaitingState = Exclude<OpenState, 'default_pending_review' | 'arbitrated'>;

export interface Position {
  state: State;
  /** The deadline of the stage passed once, both sides were reminded, and the deadline was extended. */
  reminded: boolean;
  /** For whom it was ruled, or for whom the default is. */
  ruling: Side | null;
  deadline: Date | null;
  /** While a default is reviewed: the stage on which nobody acted. */
  lapsed: AwaitingState | null;
  /** For whom it ended. */
  outcome: Side | null;
  ground: Ground | null;
}

interface Stage {
  days: number;
  /** Whose silence it would be. */
  awaits: Actor;
  moves: Partial<Record<Action, OpenState>>;
  /** For whom the default is when nobody acts by the second deadline. */
  defaultFor: Side;
}

export const ACTOR_OF = {
  'request-evidence': 'claimant',
  answer: 'respondent',
  'charge-back': 'claimant',
  represent: 'respondent',
  arbitrate: 'admin',
  'confirm-default': 'admin',
  'overturn-default': 'admin',
  accept: 'respondent',
  withdraw: 'claimant',
} as const satisfies Record<Action, Actor>;

/** To accept and to withdraw is possible on every one of them, so it is not repeated here. */
export const LADDER: Record<AwaitingState, Stage> = {
  opened: {
    days: 30,
    awaits: 'claimant',
    moves: { 'request-evidence': 'evidence_requested' },
    defaultFor: 'respondent',
  },
  evidence_requested: {
    days: 10,
    awaits: 'respondent',
    moves: { answer: 'answered' },
    defaultFor: 'claimant',
  },
  answered: {
    days: 15,
    awaits: 'claimant',
    moves: { 'charge-back': 'charged_back' },
    defaultFor: 'respondent',
  },
  charged_back: {
    days: 15,
    awaits: 'respondent',
    moves: { represent: 'represented' },
    defaultFor: 'claimant',
  },
  // The claimant has to prove the claim: without a ruling it is not proven.
  represented: { days: 20, awaits: 'admin', moves: { arbitrate: 'arbitrated' }, defaultFor: 'respondent' },
};

/** After the reminder, the stage lasts so many days longer. */
export const REMINDER_DAYS = 5;
/** Admins review a default within so many days; then it takes effect. */
export const REVIEW_DAYS = 10;
/** A ruling takes effect after so many days. */
export const RULING_DAYS = 5;

const DAY_MS = 24 * 3600_000;

export function opened(now: Date): Position {
  const fresh = { reminded: false, ruling: null, deadline: null, lapsed: null, outcome: null, ground: null };
  return stand({ state: 'opened', ...fresh }, now);
}

export function isAwaiting(state: State): state is AwaitingState {
  return state in LADDER;
}

/** What may be done now, and by whom. */
export function allowed({ state }: Position): { action: Action; by: Actor }[] {
  return ACTIONS.filter((action) => isAllowed(state, action)).map((action) => ({
    action,
    by: ACTOR_OF[action],
  }));
}

function isAllowed(state: State, action: Action): boolean {
  if (state === 'closed') return false;
  switch (action) {
    case 'accept':
      return true;
    case 'withdraw':
      // Taken back after a ruling or a default, it could be claimed anew.
      return isAwaiting(state);
    case 'confirm-default':
    case 'overturn-default':
      return state === 'default_pending_review';
    default:
      return isAwaiting(state) && LADDER[state].moves[action] !== undefined;
  }
}

/**
 * One act.
 * @param ruling for whom, with `arbitrate`
 * @throws ApiProblem invalid when it is not the time for it, forbidden when it is not this side's to do
 */
export function act(position: Position, action: Action, by: Actor, now: Date, ruling?: Side): Position {
  const { state } = position;
  if (state === 'closed')
    throw new ApiProblem('invalid', 'the dispute is closed: nothing can be done any more');
  if (by !== ACTOR_OF[action])
    throw new ApiProblem(
      'forbidden',
      `${action}: this is for the ${ACTOR_OF[action]}, not the ${by}; ${whatIsAllowed(position)}`,
    );
  if (!isAllowed(state, action))
    throw new ApiProblem('invalid', `${action}: not at this stage; ${whatIsAllowed(position)}`);
  mustBeInTime(position, action, now);
  switch (action) {
    case 'accept':
      return ended(position, 'claimant', 'accepted');
    case 'withdraw':
      return ended(position, 'respondent', 'withdrawn');
    case 'confirm-default':
      return ended(position, position.ruling ?? 'respondent', 'silence');
    case 'overturn-default':
      return stand({ ...position, state: position.lapsed ?? 'opened', ruling: null }, now);
    case 'arbitrate':
      if (ruling === undefined)
        throw new ApiProblem('invalid', 'for: say for whom you rule, claimant or respondent');
      return stand({ ...position, state: 'arbitrated', ruling }, now);
    default:
      return stand({ ...position, state: nextOf(state, action) }, now);
  }
}

function nextOf(state: OpenState, action: Action): OpenState {
  return (isAwaiting(state) && LADDER[state].moves[action]) || state;
}

/** Until the reminder was sent, nothing is late: the reminder extends the deadline. */
function mustBeInTime({ state, deadline, reminded }: Position, action: Action, now: Date): void {
  if (!deadline || now < deadline || (isAwaiting(state) && !reminded)) return;
  throw new ApiProblem('invalid', `${action}: the time for it ended at ${deadline.toISOString()}`);
}

/** What follows when nobody acted: a reminder, a default, or the end. @returns undefined while there is still time */
export function silence(position: Position, now: Date): Position | undefined {
  const { state, deadline, reminded, ruling } = position;
  if (state === 'closed' || !deadline || now < deadline) return undefined;
  switch (state) {
    case 'default_pending_review':
      return ended(position, ruling ?? 'respondent', 'silence');
    case 'arbitrated':
      return ended(position, ruling ?? 'respondent', 'ruling');
    default:
      if (!reminded) return { ...position, reminded: true, deadline: after(now, REMINDER_DAYS) };
      return stand(
        { ...position, state: 'default_pending_review', ruling: LADDER[state].defaultFor, lapsed: state },
        now,
      );
  }
}

/** A new stage with its first deadline. */
function stand(position: Position, now: Date): Position {
  const { state, lapsed } = position;
  return {
    ...position,
    reminded: false,
    lapsed: state === 'default_pending_review' ? lapsed : null,
    deadline: after(now, daysOf(state as OpenState)),
  };
}

export function daysOf(state: OpenState): number {
  if (isAwaiting(state)) return LADDER[state].days;
  return state === 'arbitrated' ? RULING_DAYS : REVIEW_DAYS;
}

function after(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS);
}

function ended(position: Position, outcome: Side, ground: Ground): Position {
  return { ...position, state: 'closed', reminded: false, lapsed: null, deadline: null, outcome, ground };
}

function whatIsAllowed(position: Position): string {
  const choices = allowed(position).map(({ action, by }) => `the ${by} may ${action}`);
  return `now it is ${position.state}, and ${choices.join(', ')}`;
}
