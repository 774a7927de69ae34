import fc from 'fast-check';
import { RISK_LEVELS, type RiskLevel } from '#protocol';
import {
  explained,
  explainedPair,
  heldLevel,
  isPairLimited,
  memberFigures,
  nextRisk,
  pairFigures,
  RISK_RULES as RULES,
  type Complaint,
  type Destination,
} from './risk-rules.js';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const of = (perThousand: number, sentOn = 10_000) => ({ perThousand, sentOn });

const to = (network: string, sentOn: number, more: Partial<Destination> = {}): Destination => ({
  network,
  operator: network,
  sentOn,
  weight: 1,
  ...more,
});
const people = (reporter: string, count: number, late = false): Complaint[] =>
  Array.from({ length: count }, (_, n) => ({ reporter, person: `im:${n}@${reporter}`, late }));

describe('complaints per thousand step a network down', () => {
  test.each<[RiskLevel, number, number, RiskLevel]>([
    ['normal', 0.9, 0, 'normal'],
    ['normal', 1, 0, 'warned'],
    ['normal', 100, 0, 'warned'],
    ['warned', 3, HOUR - 1, 'warned'],
    ['warned', 3, HOUR, 'throttled'],
    ['throttled', 10, HOUR, 'suspended'],
    ['suspended', 1000, 1000 * HOUR, 'suspended'],
  ])('%s, %d by the formula, since %i ms: %s', (level, perThousand, since, next) => {
    expect(nextRisk(level, since, of(perThousand), RULES)).toBe(next);
  });

  test('a few messages prove nothing', () => {
    expect(nextRisk('normal', 0, of(900, 999), RULES)).toBe('normal');
  });
});

describe('and back', () => {
  test('one step a day, when they are well below what brought it there', () => {
    expect(nextRisk('warned', DAY, of(0.7), RULES)).toBe('warned');
    expect(nextRisk('warned', DAY, of(0.4), RULES)).toBe('normal');
    expect(nextRisk('warned', 23 * HOUR, of(0.4), RULES)).toBe('warned');
    expect(nextRisk('suspended', DAY, of(0), RULES)).toBe('throttled');
  });

  test('a suspended network sends nothing, and is back when its complaints have aged', () => {
    expect(nextRisk('suspended', 2 * DAY, of(150, 20), RULES)).toBe('suspended');
    expect(nextRisk('suspended', 2 * DAY, of(0, 0), RULES)).toBe('throttled');
  });

  test('when complaints are dismissed, at once to what the others still hold up', () => {
    const left = (perThousand: number) => ({ sentOn: 1000, people: 1, late: 0, operators: 2, perThousand });
    expect(heldLevel('suspended', left(2), RULES)).toBe('throttled');
    expect(heldLevel('suspended', left(0), RULES)).toBe('normal');
    expect(heldLevel('warned', left(50), RULES)).toBe('warned');
  });
});

describe('a pair', () => {
  const limited = (count: number, sentOn: number, was = false, sinceMs = 0) =>
    isPairLimited(was, sinceMs, pairFigures(to('north', sentOn), people('north', count)), RULES);

  test('is limited from three people and three per thousand on, not on a handful of messages', () => {
    expect(limited(3, 1000)).toBe(true);
    expect(limited(2, 100)).toBe(false);
    expect(limited(3, 1001)).toBe(false);
    expect(limited(50, 99)).toBe(false);
  });

  test('is free again after a day below half of that', () => {
    expect(limited(1, 1000, true, DAY - 1)).toBe(true);
    expect(limited(1, 1000, true, DAY)).toBe(false);
    expect(limited(2, 1000, true, DAY)).toBe(true);
    expect(limited(1, 10, true, DAY)).toBe(true);
    expect(limited(0, 10, true, DAY)).toBe(false);
  });

  test('late complaints count double, those of an unreliable reporter a quarter', () => {
    expect(pairFigures(to('north', 1000), people('north', 4, true)).perThousand).toBe(8);
    expect(pairFigures(to('north', 1000, { weight: 0.25 }), people('north', 4)).perThousand).toBe(1);
  });
});

test('the example of the documentation', () => {
  // 10,000 messages: 5,000 to north, 4,000 to south, 1,000 to east. 40, 20 and 100 people complain.
  const destinations = [to('north', 5000), to('south', 4000), to('east', 1000)];
  const complaints = [...people('north', 40), ...people('south', 20), ...people('east', 100)];
  expect(memberFigures(destinations, complaints, RULES)).toEqual({
    sentOn: 10_000,
    people: 160,
    late: 0,
    operators: 3,
    // 8 × 0.5 = 4; 5 × 0.4 = 2; 100, at most 30, × 0.1 = 3; the loudest is no louder than the others together.
    perThousand: 9,
  });
});

const networks = ['north', 'south', 'east', 'west'] as const;
const destination = fc.record({
  network: fc.constantFrom<string>(...networks),
  operator: fc.constantFrom('one', 'two', 'three'),
  sentOn: fc.nat(20_000),
  weight: fc.constantFrom(1, 0.25),
});
const destinations = fc.uniqueArray(destination, { selector: ({ network }) => network });
const complaint = fc.record({
  reporter: fc.constantFrom<string>(...networks),
  person: fc.integer({ min: 0, max: 40 }).map((n) => `im:${n}@somewhere`),
  late: fc.boolean(),
});
const complaints = fc.array(complaint, { maxLength: 200 });
const levels = fc.constantFrom(...RISK_LEVELS);

describe('whatever is reported', () => {
  test('one network alone, and one operator alone, never steps a member down, and never keeps it down', () => {
    fc.assert(
      fc.property(
        destinations,
        complaints,
        levels,
        fc.constantFrom('one', 'two'),
        (all, made, level, who) => {
          const own = new Set(all.filter(({ operator }) => operator === who).map(({ network }) => network));
          const figures = memberFigures(
            all,
            made.filter(({ reporter }) => own.has(reporter)),
            RULES,
          );
          expect(figures.perThousand).toBe(0);
          const next = nextRisk(level, Infinity, figures, RULES);
          expect(RISK_LEVELS.indexOf(next)).toBe(Math.max(0, RISK_LEVELS.indexOf(level) - 1));
        },
      ),
    );
  });

  test('one operator at most doubles what all the others say', () => {
    fc.assert(
      fc.property(destinations, complaints, complaints, (all, made, rival) => {
        const own = new Set(all.filter(({ operator }) => operator === 'one').map(({ network }) => network));
        const others = made.filter(({ reporter }) => !own.has(reporter));
        const uncapped = { ...RULES, capPerThousand: Infinity };
        const total = all.reduce((sum, { sentOn }) => sum + sentOn, 0);
        const said = all
          .filter(({ network }) => !own.has(network))
          .reduce((sum, one) => sum + (pairFigures(one, others).perThousand * one.sentOn) / (total || 1), 0);
        const figures = memberFigures(
          all,
          [...others, ...rival.filter((one) => own.has(one.reporter))],
          uncapped,
        );
        expect(figures.perThousand).toBeLessThanOrEqual(2 * said + 0.002);
      }),
    );
  });

  test('a network weighs at most its share of the messages times the cap', () => {
    fc.assert(
      fc.property(destinations, complaints, complaints, (all, made, rival) => {
        const [first] = all;
        if (!first) return;
        const total = all.reduce((sum, { sentOn }) => sum + sentOn, 0);
        const others = made.filter(({ reporter }) => reporter !== first.network);
        const own = rival.filter(({ reporter }) => reporter === first.network);
        const without = memberFigures(all, others, RULES).perThousand;
        const grown = memberFigures(all, [...others, ...own], RULES).perThousand - without;
        // What it adds, and what it lets the loudest of the others weigh more.
        expect(grown).toBeLessThanOrEqual((2 * RULES.capPerThousand * first.sentOn) / (total || 1) + 0.002);
      }),
    );
  });

  test('more reports of the same people change nothing, nor does the order', () => {
    fc.assert(
      fc.property(destinations, complaints, fc.infiniteStream(fc.nat()), (all, made, random) => {
        const shuffled = made
          .map((one) => [random.next().value as number, one] as const)
          .sort(([a], [b]) => a - b)
          .map(([, one]) => one);
        const before = memberFigures(all, made, RULES);
        expect(memberFigures(all.toReversed(), [...shuffled, ...made, ...shuffled], RULES)).toEqual(before);
        for (const one of all)
          expect(pairFigures(one, [...shuffled, ...made])).toEqual(pairFigures(one, made));
      }),
    );
  });

  test('never more than one step, and the same figures never lead there and back', () => {
    const figures = fc.record({
      perThousand: fc.double({ min: 0, max: 50, noNaN: true }),
      sentOn: fc.nat(20_000),
    });
    fc.assert(
      fc.property(levels, figures, (level, given) => {
        const next = nextRisk(level, Infinity, given, RULES);
        expect(Math.abs(RISK_LEVELS.indexOf(next) - RISK_LEVELS.indexOf(level))).toBeLessThanOrEqual(1);
        if (next !== level) expect(nextRisk(next, Infinity, given, RULES)).not.toBe(level);
      }),
    );
  });
});

test('is explained', () => {
  const figures = { sentOn: 10_000, people: 15, late: 0, operators: 2, perThousand: 1.5 };
  expect(explained('warned', figures, RULES)).toBe(
    '15 people of networks of 2 operators complained, on 10000 messages sent on in 7 days: 1.5 per thousand by the formula; throttled from 3 per thousand on; better below 0.5, not before 24 hours are over',
  );
  expect(explained('normal', { ...figures, operators: 1, perThousand: 0 }, RULES)).toContain(
    'one operator alone moves no level',
  );
  expect(explainedPair(pairFigures(to('north', 1000), people('north', 4)), RULES)).toBe(
    '4 people complained, on 1000 messages sent on to their network in 7 days: 4 per thousand; limited from 3 per thousand and 3 people on, free below 1.5, not before 24 hours are over',
  );
});
