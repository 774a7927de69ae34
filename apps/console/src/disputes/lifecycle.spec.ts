import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ApiProblem } from '#http';
import {
  act,
  ACTIONS,
  ACTOR_OF,
  daysOf,
  isAwaiting,
  LIFECYCLE,
  opened,
  REMINDER_DAYS,
  REVIEW_DAYS,
  SIDES,
  silence,
  STATES,
  type Action,
  type Actor,
  type AwaitingState,
  type OpenState,
  type Position,
  type Side,
  type State,
} from './lifecycle.js';
import { DAYS_TO_OPEN, MOST_OPEN, scheduleTable } from './dispute-kinds.js';
import { lifecycleTable } from './lifecycle-table.js';

const NOON = new Date('2026-03-01T12:00:00Z');
const ACTORS: Actor[] = ['claimant', 'respondent', 'admin'];
const OPEN = STATES.filter((state): state is OpenState => state !== 'closed');

function at(state: State, more: Partial<Position> = {}): Position {
  const deadline = state === 'closed' ? null : after(daysOf(state));
  const lapsed = state === 'default_pending_review' ? 'charged_back' : null;
  const ruling = state === 'default_pending_review' ? 'claimant' : null;
  return { state, reminded: false, ruling, deadline, lapsed, outcome: null, ground: null, ...more };
}

function after(days: number, from = NOON): Date {
  return new Date(from.getTime() + days * 24 * 3600_000);
}

/** Next state of every possible step; other steps are refused. */
const STEPS: [OpenState, Action, State, Side?][] = [
  ['opened', 'request-evidence', 'evidence_requested'],
  ['evidence_requested', 'answer', 'answered'],
  ['answered', 'charge-back', 'charged_back'],
  ['charged_back', 'represent', 'represented'],
  ['represented', 'arbitrate', 'arbitrated'],
  ['default_pending_review', 'confirm-default', 'closed', 'claimant'],
  ['default_pending_review', 'overturn-default', 'charged_back'],
  ...OPEN.flatMap((state): [OpenState, Action, State, Side][] => [
    [state, 'accept', 'closed', 'claimant'],
    // After a ruling or a default ruling a dispute cannot be withdrawn, so that the same claim cannot be made again.
    ...(isAwaiting(state)
      ? [[state, 'withdraw', 'closed', 'respondent'] as [OpenState, Action, State, Side]]
      : []),
  ]),
];
const CASES = OPEN.flatMap((state) =>
  ACTIONS.flatMap((action) => ACTORS.map((by) => ({ state, action, by }))),
);

describe('every action of everybody in every state', () => {
  test.each(CASES)('$state: $by does $action', ({ state, action, by }) => {
    const step = STEPS.find(([from, what]) => from === state && what === action);
    const go = () => act(at(state), action, by, NOON, 'claimant');
    if (by !== ACTOR_OF[action]) return expect(go).toThrow(/^forbidden: .*this is for the .* may accept/);
    if (!step) return expect(go).toThrow(/^invalid: .*not possible in this state; now it is .* may accept/);
    const [, , to, outcome] = step;
    expect(go()).toMatchObject({ state: to, outcome: outcome ?? null });
    expect(go().deadline).toEqual(to === 'closed' ? null : after(daysOf(to)));
  });

  test.each(ACTIONS)('closed: nobody does %s', (action) => {
    expect(() => act(at('closed'), action, ACTOR_OF[action], NOON)).toThrow(
      /closed: no further step is possible/,
    );
  });

  test.each(STEPS)('%s: %s comes too late at the last deadline, not a moment before', (state, action) => {
    const position = at(state, { reminded: isAwaiting(state) });
    const last = new Date((position.deadline as Date).getTime() - 1);
    expect(() => act(position, action, ACTOR_OF[action], last, 'claimant')).not.toThrow();
    expect(() => act(position, action, ACTOR_OF[action], position.deadline as Date, 'claimant')).toThrow(
      /^invalid: .*the deadline was/,
    );
  });

  test.each(STEPS.filter(([state]) => isAwaiting(state)))(
    '%s: %s is not late before both sides were reminded',
    (state, action) => {
      expect(() => act(at(state), action, ACTOR_OF[action], after(100), 'claimant')).not.toThrow();
    },
  );
});

describe('silence', () => {
  const defaults: [AwaitingState, Side][] = [
    ['opened', 'respondent'],
    ['evidence_requested', 'claimant'],
    ['answered', 'respondent'],
    ['charged_back', 'claimant'],
    ['represented', 'respondent'],
  ];
  test('leads to a default ruling in every state in which somebody has to act', () => {
    expect(defaults.map(([state]) => state)).toEqual(OPEN.filter(isAwaiting));
  });

  test.each(defaults)(
    'on %s leads to a reminder, then to a default for the %s, then to the end',
    (state, side) => {
      const reminded = silence(at(state), after(daysOf(state))) as Position;
      const second = after(daysOf(state) + REMINDER_DAYS);
      expect(reminded).toEqual({ ...at(state), reminded: true, deadline: second });
      expect(silence(reminded, new Date(second.getTime() - 1))).toBeUndefined();

      const pending = silence(reminded, second) as Position;
      const third = after(REVIEW_DAYS, second);
      expect(pending).toMatchObject({
        state: 'default_pending_review',
        ruling: side,
        lapsed: state,
        deadline: third,
      });
      expect(pending.outcome).toBeNull();
      expect(silence(pending, new Date(third.getTime() - 1))).toBeUndefined();
      expect(silence(pending, third)).toMatchObject({ state: 'closed', outcome: side, ground: 'silence' });
      expect(act(pending, 'confirm-default', 'admin', second)).toMatchObject({
        state: 'closed',
        outcome: side,
      });
      // Whoever did not act can act again, and is reminded again.
      expect(act(pending, 'overturn-default', 'admin', second)).toEqual({
        ...at(state),
        deadline: after(daysOf(state), second),
      });
    },
  );

  test('of a side that acts after the reminder has no consequence: the next state begins with its own reminder', () => {
    const reminded = silence(at('charged_back'), after(15)) as Position;
    const represented = act(reminded, 'represent', 'respondent', after(19));
    expect(represented).toEqual({ ...at('represented'), deadline: after(20, after(19)) });
  });

  test.each(SIDES)('on a ruling for the %s is consent', (side) => {
    expect(silence(at('arbitrated', { ruling: side }), after(5))).toMatchObject({
      state: 'closed',
      outcome: side,
      ground: 'ruling',
    });
  });

  test.each(OPEN)('on %s means nothing while there is time', (state) => {
    expect(silence(at(state), new Date(after(daysOf(state)).getTime() - 1))).toBeUndefined();
  });

  test('means nothing once it is closed', () => {
    expect(silence(at('closed'), after(1000))).toBeUndefined();
  });
});

test('a ruling names the side that wins', () => {
  expect(() => act(at('represented'), 'arbitrate', 'admin', NOON)).toThrow(/^invalid: .*for: name the side/);
});

describe('any steps of any side, in any order, at any time', () => {
  const move = fc.record({
    action: fc.option(fc.constantFrom(...ACTIONS), { nil: undefined }),
    by: fc.constantFrom(...ACTORS),
    days: fc.integer({ min: 0, max: 40 }),
    ruling: fc.constantFrom(...SIDES),
  });

  test('it follows the lifecycle, closes once, and never opens again', () => {
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
          expect(next.state === 'default_pending_review').toBe(next.lapsed !== null);
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
          // A reminder, a default and its effect.
          expect(silent).toBeLessThan(3);
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

  function reachable({ state, lapsed }: Position): State[] {
    if (state === 'closed') return ['closed'];
    if (state === 'default_pending_review') return [state, 'closed', lapsed ?? 'closed'];
    if (!isAwaiting(state)) return [state, 'closed'];
    return [state, 'closed', 'default_pending_review', ...Object.values(LIFECYCLE[state].moves)];
  }
});

test('the page for operators shows this lifecycle, and the schedule of fees', () => {
  const page = readFileSync('docs/disputes.md', 'utf8');
  expect(page).toContain(lifecycleTable());
  expect(page).toContain(scheduleTable());
  expect(page).toContain(`at most ${MOST_OPEN} open disputes`);
  expect(page).toContain(`for ${DAYS_TO_OPEN} days`);
});
