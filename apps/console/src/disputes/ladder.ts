/**
 * The ladder of a dispute, after that of the card schemes: who may do what on which stage, until when, and what it means when
 * nobody does. Pure: the stage, the act and the time in, the next stage out.
 */
import { ApiProblem } from '../http/problems.js';

export const STATES = [
  'opened',
  'evidence_requested',
  'answered',
  'defaulted',
  'charged_back',
  'represented',
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
  'accept',
  'withdraw',
] as const;
export type Action = (typeof ACTIONS)[number];

/** Why it ended. */
export const GROUNDS = ['accepted', 'withdrawn', 'silence', 'ruling'] as const;
export type Ground = (typeof GROUNDS)[number];

export interface Position {
  state: State;
  /** Who was silent when evidence was asked for may not represent any more. */
  barred: boolean;
  ruling: Side | null;
  deadline: Date | null;
  /** For whom it ended. */
  outcome: Side | null;
  ground: Ground | null;
}

type Next = OpenState | 'for claimant' | 'for respondent' | 'as ruled';

interface Stage {
  days: number;
  /** Whose silence it would be. */
  awaits: Actor | 'nobody';
  moves: Partial<Record<Action, OpenState>>;
  silence: Next;
}

export const ACTOR_OF = {
  'request-evidence': 'claimant',
  answer: 'respondent',
  'charge-back': 'claimant',
  represent: 'respondent',
  arbitrate: 'admin',
  accept: 'respondent',
  withdraw: 'claimant',
} as const satisfies Record<Action, Actor>;

/** To accept and to withdraw is possible on every stage, so it is not repeated here. */
export const LADDER: Record<OpenState, Stage> = {
  opened: {
    days: 30,
    awaits: 'claimant',
    moves: { 'request-evidence': 'evidence_requested' },
    silence: 'for respondent',
  },
  evidence_requested: { days: 10, awaits: 'respondent', moves: { answer: 'answered' }, silence: 'defaulted' },
  answered: {
    days: 15,
    awaits: 'claimant',
    moves: { 'charge-back': 'charged_back' },
    silence: 'for respondent',
  },
  // The evidence was not given in time: the charge-back goes on by itself, and nobody has to ask for it.
  defaulted: {
    days: 5,
    awaits: 'claimant',
    moves: { 'charge-back': 'charged_back' },
    silence: 'charged_back',
  },
  charged_back: {
    days: 15,
    awaits: 'respondent',
    moves: { represent: 'represented' },
    silence: 'for claimant',
  },
  // The claimant has to prove his claim: what nobody rules on is not proven.
  represented: { days: 20, awaits: 'admin', moves: { arbitrate: 'arbitrated' }, silence: 'for respondent' },
  arbitrated: { days: 5, awaits: 'nobody', moves: {}, silence: 'as ruled' },
};

const DAY_MS = 24 * 3600_000;

export function opened(now: Date): Position {
  return stand(
    { state: 'opened', barred: false, ruling: null, deadline: null, outcome: null, ground: null },
    now,
  );
}

/** What may be done now, and by whom. */
export function allowed({ state, barred }: Position): { action: Action; by: Actor }[] {
  if (state === 'closed') return [];
  return ACTIONS.filter(
    (action) =>
      action === 'accept' ||
      // What was ruled on stays ruled on: taken back, it could be claimed anew.
      (action === 'withdraw' && state !== 'arbitrated') ||
      (LADDER[state].moves[action] !== undefined && !(action === 'represent' && barred)),
  ).map((action) => ({ action, by: ACTOR_OF[action] }));
}

/**
 * One act.
 * @param ruling for whom, with `arbitrate`
 * @throws ApiProblem invalid when it is not the time for it, forbidden when it is not this side's to do
 */
export function act(position: Position, action: Action, by: Actor, now: Date, ruling?: Side): Position {
  const { state, deadline } = position;
  if (state === 'closed')
    throw new ApiProblem('invalid', 'the dispute is closed: nothing can be done any more');
  if (by !== ACTOR_OF[action])
    throw new ApiProblem(
      'forbidden',
      `${action}: this is for the ${ACTOR_OF[action]}, not the ${by}; ${whatIsAllowed(position)}`,
    );
  if (!allowed(position).some((one) => one.action === action))
    throw new ApiProblem('invalid', `${action}: not at this stage; ${whatIsAllowed(position)}`);
  if (deadline && now >= deadline)
    throw new ApiProblem('invalid', `${action}: the time for it ended at ${deadline.toISOString()}`);
  if (action === 'accept') return ended(position, 'claimant', 'accepted');
  if (action === 'withdraw') return ended(position, 'respondent', 'withdrawn');
  if (action === 'arbitrate' && ruling === undefined)
    throw new ApiProblem('invalid', 'for: say for whom you rule, claimant or respondent');
  const next = LADDER[state].moves[action] as OpenState;
  return stand({ ...position, state: next, ruling: ruling ?? position.ruling }, now);
}

/** What it means that nobody did anything. @returns undefined while there is still time */
export function silence(position: Position, now: Date): Position | undefined {
  const { state, deadline } = position;
  if (state === 'closed' || !deadline || now < deadline) return undefined;
  const next = LADDER[state].silence;
  switch (next) {
    case 'for claimant':
      return ended(position, 'claimant', 'silence');
    case 'for respondent':
      return ended(position, 'respondent', 'silence');
    case 'as ruled':
      return ended(position, position.ruling ?? 'respondent', 'ruling');
    default:
      return stand({ ...position, state: next, barred: position.barred || next === 'defaulted' }, now);
  }
}

function stand(position: Position, now: Date): Position {
  const { days } = LADDER[position.state as OpenState];
  return { ...position, deadline: new Date(now.getTime() + days * DAY_MS) };
}

function ended(position: Position, outcome: Side, ground: Ground): Position {
  return { ...position, state: 'closed', deadline: null, outcome, ground };
}

function whatIsAllowed(position: Position): string {
  const choices = allowed(position).map(({ action, by }) => `the ${by} may ${action}`);
  return `now it is ${position.state}, and ${choices.join(', ')}`;
}
