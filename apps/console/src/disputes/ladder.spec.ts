import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ApiProblem } from '../http/problems.js';
import {
  act,
  ACTIONS,
  ACTOR_OF,
  allowed,
  LADDER,
  opened,
  SIDES,
  silence,
  STATES,
  type Action,
  type Actor,
  type OpenState,
  type Position,
  type Side,
  type State,
} from './ladder.js';
import { KINDS } from './kinds.js';
import { ladderTable } from './ladder-table.js';

const NOON = new Date('2026-03-01T12:00:00Z');
const ACTORS: Actor[] = ['claimant', 'respondent', 'admin'];
const OPEN = STATES.filter((state): state is OpenState => state !== 'closed');

function at(state: State, more: Partial<Position> = {}): Position {
  const deadline = state === 'closed' ? null : after(LADDER[state].days);
  return { state, barred: false, ruling: null, deadline, outcome: null, ground: null, ...more };
}

function after(days: number, from = NOON): Date {
  return new Date(from.getTime() + days * 24 * 3600_000);
}

/** Where every step leads; what is not here is refused. */
const STEPS: [OpenState, Action, State, Side?][] = [
  ['opened', 'request-evidence', 'evidence_requested'],
  ['evidence_requested', 'answer', 'answered'],
  ['answered', 'charge-back', 'charged_back'],
  ['defaulted', 'charge-back', 'charged_back'],
  ['charged_back', 'represent', 'represented'],
  ['represented', 'arbitrate', 'arbitrated'],
  ...OPEN.flatMap((state): [OpenState, Action, State, Side][] => [
    [state, 'accept', 'closed', 'claimant'],
    // What was ruled on cannot be taken back, and claimed anew.
    ...(state === 'arbitrated'
      ? []
      : [[state, 'withdraw', 'closed', 'respondent'] as [OpenState, Action, State, Side]]),
  ]),
];
const CASES = OPEN.flatMap((state) =>
  ACTIONS.flatMap((action) => ACTORS.map((by) => ({ state, action, by }))),
);

describe('every act of everybody on every stage', () => {
  test.each(CASES)('$state: $by does $action', ({ state, action, by }) => {
    const step = STEPS.find(([from, what]) => from === state && what === action);
    const go = () => act(at(state), action, by, NOON, 'claimant');
    if (by !== ACTOR_OF[action]) return expect(go).toThrow(/^forbidden: .*this is for the .* may accept/);
    if (!step) return expect(go).toThrow(/^invalid: .*not at this stage; now it is .* may accept/);
    const [, , to, outcome] = step;
    expect(go()).toMatchObject({ state: to, outcome: outcome ?? null });
    expect(go().deadline).toEqual(to === 'closed' ? null : after(LADDER[to].days));
  });

  test.each(ACTIONS)('closed: nobody does %s', (action) => {
    expect(() => act(at('closed'), action, ACTOR_OF[action], NOON)).toThrow(/closed: nothing can be done/);
  });

  test.each(STEPS)('%s: %s comes too late at the deadline, not a moment before', (state, action) => {
    const position = at(state);
    const last = new Date((position.deadline as Date).getTime() - 1);
    expect(() => act(position, action, ACTOR_OF[action], last, 'claimant')).not.toThrow();
    expect(() => act(position, action, ACTOR_OF[action], position.deadline as Date, 'claimant')).toThrow(
      /^invalid: .*the time for it ended/,
    );
  });
});

describe('silence', () => {
  test.each<[OpenState, State, Side | null]>([
    ['opened', 'closed', 'respondent'],
    ['evidence_requested', 'defaulted', null],
    ['answered', 'closed', 'respondent'],
    ['defaulted', 'charged_back', null],
    ['charged_back', 'closed', 'claimant'],
    ['represented', 'closed', 'respondent'],
  ])('on %s leads to %s, for %s', (state, to, outcome) => {
    expect(silence(at(state), after(LADDER[state].days))).toMatchObject({ state: to, outcome });
  });

  test.each(SIDES)('on a ruling for the %s is consent', (side) => {
    expect(silence(at('arbitrated', { ruling: side }), after(5))).toMatchObject({
      state: 'closed',
      outcome: side,
      ground: 'ruling',
    });
  });

  test.each(OPEN)('on %s means nothing while there is time', (state) => {
    expect(silence(at(state), new Date(after(LADDER[state].days).getTime() - 1))).toBeUndefined();
  });

  test('means nothing once it is closed', () => {
    expect(silence(at('closed'), after(1000))).toBeUndefined();
  });
});

describe('a respondent who gave no evidence in time', () => {
  test('is charged back and may not represent', () => {
    const defaulted = silence(at('evidence_requested'), after(10)) as Position;
    const charged = act(defaulted, 'charge-back', 'claimant', after(11));
    expect(allowed(charged).map(({ action }) => action)).toEqual(['accept', 'withdraw']);
    expect(() => act(charged, 'represent', 'respondent', after(12))).toThrow(/^invalid: .*not at this stage/);
    expect(silence(charged, after(26))).toMatchObject({ state: 'closed', outcome: 'claimant' });
  });
});

test('to arbitrate is to say for whom', () => {
  expect(() => act(at('represented'), 'arbitrate', 'admin', NOON)).toThrow(/^invalid: .*for: say for whom/);
});

describe('whatever anybody does, in any order, at any time', () => {
  const move = fc.record({
    action: fc.option(fc.constantFrom(...ACTIONS), { nil: undefined }),
    by: fc.constantFrom(...ACTORS),
    days: fc.integer({ min: 0, max: 40 }),
    ruling: fc.constantFrom(...SIDES),
  });

  test('it stays on the ladder, closes once, and never opens again', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        let now = NOON;
        let position = opened(now);
        let postings = 0;
        for (const { action, by, days, ruling } of moves) {
          now = after(days, now);
          const next = stepOf(position, action, by, now, ruling);
          expect(reachable(position)).toContain(next.state);
          expect(next.state === 'closed').toBe(next.outcome !== null);
          expect(next.state === 'closed').toBe(next.deadline === null);
          if (position.state !== 'closed' && next.outcome === 'claimant') postings++;
          position = next;
        }
        expect(postings).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('and left alone it ends', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
        let now = NOON;
        let position = opened(now);
        for (const { action, by, days, ruling } of moves) {
          now = after(days, now);
          position = stepOf(position, action, by, now, ruling);
        }
        for (let silent = 0; position.state !== 'closed'; silent++) {
          expect(silent).toBeLessThan(STATES.length);
          position = silence(position, position.deadline as Date) as Position;
        }
        expect(SIDES).toContain(position.outcome);
      }),
    );
  });

  function stepOf(
    position: Position,
    action: Action | undefined,
    by: Actor,
    now: Date,
    ruling: Side,
  ): Position {
    if (!action) return silence(position, now) ?? position;
    try {
      return act(position, action, by, now, ruling);
    } catch (error) {
      expect(['invalid', 'forbidden']).toContain((error as ApiProblem).kind);
      return position;
    }
  }

  function reachable({ state }: Position): State[] {
    if (state === 'closed') return ['closed'];
    const { moves, silence: silent } = LADDER[state];
    const next = STATES.filter((one) => one === silent);
    return [state, 'closed', ...next, ...Object.values(moves)];
  }
});

test('the page for operators shows this ladder, and every kind', () => {
  const page = readFileSync('docs/disputes.md', 'utf8');
  expect(page).toContain(ladderTable());
  for (const kind of KINDS) expect(page).toContain(`| \`${kind}\` |`);
});
