import fc from 'fast-check';
import { RISK_LEVELS, type RiskLevel } from '#protocol';
import { explained, nextRisk, perThousand, RISK_RULES as RULES } from './risk-rules.js';

const HOUR = 3600_000;
const of = (complaints: number, sentOn = 10_000) => ({ complaints, sentOn });

describe('complaints step a network down', () => {
  test.each<[RiskLevel, number, number, RiskLevel]>([
    ['normal', 9, 0, 'normal'],
    ['normal', 10, 0, 'warned'],
    ['normal', 1000, 0, 'warned'],
    ['warned', 30, HOUR - 1, 'warned'],
    ['warned', 30, HOUR, 'throttled'],
    ['throttled', 100, HOUR, 'suspended'],
    ['suspended', 10_000, 1000 * HOUR, 'suspended'],
  ])('%s, %i on 10,000, since %i ms: %s', (level, complaints, since, next) => {
    expect(nextRisk(level, since, of(complaints), RULES)).toBe(next);
  });

  test('a few messages prove nothing', () => {
    expect(nextRisk('normal', 0, of(900, 999), RULES)).toBe('normal');
  });
});

describe('and back', () => {
  test('one step a day, when they are well below what brought it there', () => {
    expect(nextRisk('warned', 24 * HOUR, of(7), RULES)).toBe('warned');
    expect(nextRisk('warned', 24 * HOUR, of(4), RULES)).toBe('normal');
    expect(nextRisk('warned', 23 * HOUR, of(4), RULES)).toBe('warned');
    expect(nextRisk('suspended', 24 * HOUR, of(0), RULES)).toBe('throttled');
  });

  test('one that is stopped delivers nothing, and is back when its complaints have aged', () => {
    expect(nextRisk('suspended', 48 * HOUR, of(3, 20), RULES)).toBe('suspended');
    expect(nextRisk('suspended', 48 * HOUR, of(0, 0), RULES)).toBe('throttled');
  });
});

test('never more than one step, and the same figures never lead there and back', () => {
  const levels = fc.constantFrom(...RISK_LEVELS);
  const figures = fc.record({ complaints: fc.nat(500), sentOn: fc.nat(20_000) });
  fc.assert(
    fc.property(levels, figures, (level, given) => {
      const next = nextRisk(level, Infinity, given, RULES);
      expect(Math.abs(RISK_LEVELS.indexOf(next) - RISK_LEVELS.indexOf(level))).toBeLessThanOrEqual(1);
      if (next !== level) expect(nextRisk(next, Infinity, given, RULES)).not.toBe(level);
    }),
  );
});

test('is explained', () => {
  expect(perThousand(of(15))).toBe(1.5);
  expect(explained('warned', of(15), RULES)).toBe(
    '15 complaints on 10000 messages sent on in 7 days: 1.5 per thousand; throttled from 3 per thousand on; better below 0.5, not before 24 hours are over',
  );
});
