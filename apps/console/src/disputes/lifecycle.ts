import { ApiProblem } from '#http';
/**
 * The lifecycle of a dispute, modelled on those of the card schemes: which side may take which step in which state, the deadlines,
 * and what follows a missed deadline. Pure functions: position, action and time in, next position out.
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
/** Actions that one admin proposes and another approves. Only `arbitrate` has a ruling. */
export type AdminAction = 'arbitrate' | 'confirm-default' | 'overturn-default';

/** Why a dispute ended. */
export const GROUNDS = ['accepted', 'withdrawn', 'silence', 'ruling'] as const;
export type Ground = (typeof GROUNDS)[number];

/** States in which one side has to act, and in which a missed deadline leads to a default ruling. */
export type AwaitingState = Exclude<OpenState, 'default_pending_review' | 'arbitrated'>;

export interface Position {
  state: State;
  /** true: the deadline of the state has passed, both sides were reminded, and the deadline was extended. */
  reminded: boolean;
  /** The side that the ruling or the default ruling favours. */
  ruling: Side | null;
  deadline: Date | null;
  /** During the review of a default ruling: the state in which the deadline passed. */
  lapsed: AwaitingState | null;
  /** The side that won. */
  outcome: Side | null;
  ground: Ground | null;
}

interface StateRules {
  /** Deadline, days after the state was reached. */
  days: number;
  /** The side that has to act. */
  awaits: Actor;
  /** Actions that are possible in this state, each with the next state. */
  moves: Partial<Record<Action, OpenState>>;
  /** The side that wins by default if nobody acts by the second deadline. */
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

/** Rules of each state. `accept` and `withdraw` are possible in all of them and are not repeated here. */
export const LIFECYCLE: Record<AwaitingState, StateRules> = {
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
  // The claimant has to prove the claim. Without a ruling it is not proven.
  represented: { days: 20, awaits: 'admin', moves: { arbitrate: 'arbitrated' }, defaultFor: 'respondent' },
};

/** Days by which the reminder extends the deadline. */
export const REMINDER_DAYS = 5;
/** Days in which admins can review a default ruling before it takes effect. */
export const REVIEW_DAYS = 10;
/** Days after which a ruling takes effect. */
export const RULING_DAYS = 5;

const DAY_MS = 24 * 3600_000;

export function opened(now: Date): Position {
  const fresh = { reminded: false, ruling: null, deadline: null, lapsed: null, outcome: null, ground: null };
  return stand({ state: 'opened', ...fresh }, now);
}

export function isAwaiting(state: State): state is AwaitingState {
  return state in LIFECYCLE;
}

/** The actions that are possible now, each with the side that may take it. */
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
      // After a ruling or a default ruling a withdrawal would allow the same claim a second time.
      return isAwaiting(state);
    case 'confirm-default':
    case 'overturn-default':
      return state === 'default_pending_review';
    default:
      return isAwaiting(state) && LIFECYCLE[state].moves[action] !== undefined;
  }
}

/**
 * Takes one action.
 * @param ruling the side that wins; only with `arbitrate`
 * @throws ApiProblem invalid if the state or the deadline does not allow the action, forbidden if another side has to take it
 */
export function act(position: Position, action: Action, by: Actor, now: Date, ruling?: Side): Position {
  const { state } = position;
  if (state === 'closed')
    throw new ApiProblem('invalid', 'the dispute is closed: no further step is possible');
  if (by !== ACTOR_OF[action])
    throw new ApiProblem(
      'forbidden',
      `${action}: this is for the ${ACTOR_OF[action]}, not the ${by}; ${whatIsAllowed(position)}`,
    );
  if (!isAllowed(state, action))
    throw new ApiProblem('invalid', `${action}: not possible in this state; ${whatIsAllowed(position)}`);
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
        throw new ApiProblem('invalid', 'for: name the side that you rule for, claimant or respondent');
      return stand({ ...position, state: 'arbitrated', ruling }, now);
    default:
      return stand({ ...position, state: nextOf(state, action) }, now);
  }
}

function nextOf(state: OpenState, action: Action): OpenState {
  return (isAwaiting(state) && LIFECYCLE[state].moves[action]) || state;
}

/** @throws ApiProblem if the deadline has passed. Before the reminder no action is late, because the reminder extends the deadline. */
function mustBeInTime({ state, deadline, reminded }: Position, action: Action, now: Date): void {
  if (!deadline || now < deadline || (isAwaiting(state) && !reminded)) return;
  throw new ApiProblem('invalid', `${action}: the deadline was ${deadline.toISOString()}`);
}

/** What follows a missed deadline: a reminder, a default ruling, or the end. @returns undefined before the deadline */
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
        { ...position, state: 'default_pending_review', ruling: LIFECYCLE[state].defaultFor, lapsed: state },
        now,
      );
  }
}

/** The position at the start of a state, with its first deadline. */
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
  if (isAwaiting(state)) return LIFECYCLE[state].days;
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
