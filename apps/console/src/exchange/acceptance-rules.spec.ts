/** A rule confirms only changes within its bounds: random rules and changes, compared with a simple implementation. */
import fc from 'fast-check';
import { ANY_NETWORK, TRAFFIC_CLASSES } from '#protocol';
import { AcceptanceTerms, isWithin, RULE_KINDS, type BoundChange } from './acceptance-rules.js';
import { counterpartOf } from './bindings.js';
import { ExchangeChange } from './changes.js';
import { FUZZ_RUNS } from '../../../../test/support/amounts.js';

const NETWORKS = ['fetion', 'matrix', 'wechat', 'xmpp'];
const MILLION = 1_000_000;
/** Fees up to 0.000100 yuan, so that limits and fees are often equal. */
const millionth = fc.integer({ min: 0, max: 100 });
const yuan = (fee: number) => (fee / MILLION).toFixed(6);

const rules = fc
  .record({
    kinds: fc.uniqueArray(fc.constantFrom(...RULE_KINDS), { minLength: 1 }),
    counterparts: fc.uniqueArray(fc.constantFrom(ANY_NETWORK, ...NETWORKS), { minLength: 1 }),
    classes: fc.uniqueArray(fc.constantFrom(...TRAFFIC_CLASSES), { minLength: 1 }),
    termination: fc.option(millionth, { nil: undefined }),
    switch: fc.option(millionth, { nil: undefined }),
    withShares: fc.boolean(),
    reciprocalOnly: fc.boolean(),
  })
  .map(({ termination, switch: switchFee, ...rule }) => ({
    ...rule,
    ...(termination === undefined ? {} : { maxTerminationFee: yuan(termination) }),
    ...(switchFee === undefined ? {} : { maxSwitchFee: yuan(switchFee) }),
  }))
  .map((rule) => AcceptanceTerms.safeParse(rule))
  .filter((parsed) => parsed.success)
  .map(({ data }) => data);

const changes: fc.Arbitrary<BoundChange> = fc.record({
  kind: fc.constantFrom(...RULE_KINDS, 'network.leave' as const),
  counterparts: fc.uniqueArray(fc.constantFrom(ANY_NETWORK, ...NETWORKS), { maxLength: 3 }),
  classes: fc.uniqueArray(fc.constantFrom(...TRAFFIC_CLASSES), { maxLength: 3 }),
  fees: fc.option(fc.record({ termination: millionth.map(BigInt), switch: millionth.map(BigInt) }), {
    nil: undefined,
  }),
  shares: fc.boolean(),
  reciprocal: fc.boolean(),
});

const most = (fee: string | undefined) =>
  fee === undefined ? undefined : BigInt(Math.round(Number(fee) * MILLION));

test('what a rule confirms has its kind, its counterparts and its classes, and costs no more than it says', () => {
  fc.assert(
    fc.property(rules, changes, (rule, bound) => {
      if (!isWithin(rule, bound)) return;
      expect(rule.kinds).toContain(bound.kind);
      if (!rule.counterparts.includes(ANY_NETWORK))
        expect(rule.counterparts).toEqual(expect.arrayContaining([...bound.counterparts]));
      expect(rule.classes).toEqual(expect.arrayContaining([...bound.classes]));
      const [termination, switchFee] = [most(rule.maxTerminationFee), most(rule.maxSwitchFee)];
      if (bound.fees && termination !== undefined) expect(bound.fees.termination <= termination).toBe(true);
      if (bound.fees && switchFee !== undefined) expect(bound.fees.switch <= switchFee).toBe(true);
      if (bound.kind === 'tariff.add') expect([termination, switchFee]).not.toContain(undefined);
      if (!rule.withShares) expect(bound.shares).toBe(false);
      if (rule.reciprocalOnly && bound.kind.startsWith('agreement.')) expect(bound.reciprocal).toBe(true);
    }),
    { numRuns: FUZZ_RUNS },
  );
});

test('a rule does confirm what is exactly at its bounds, and nothing that is one millionth above', () => {
  const rule = AcceptanceTerms.parse({
    kinds: ['tariff.add'],
    counterparts: ['matrix'],
    classes: ['message'],
    maxTerminationFee: '0.03',
    maxSwitchFee: '0.001',
  });
  const at: BoundChange = {
    kind: 'tariff.add',
    counterparts: ['matrix'],
    classes: ['message'],
    fees: { termination: 30_000n, switch: 1000n },
    shares: false,
    reciprocal: false,
  };
  expect(isWithin(rule, at)).toBe(true);
  expect(isWithin(rule, { ...at, fees: { termination: 30_001n, switch: 1000n } })).toBe(false);
  expect(isWithin(rule, { ...at, fees: { termination: 30_000n, switch: 1001n } })).toBe(false);
  expect(isWithin(rule, { ...at, counterparts: ['matrix', 'xmpp'] })).toBe(false);
  expect(isWithin(rule, { ...at, counterparts: [ANY_NETWORK] })).toBe(false);
  expect(isWithin(rule, { ...at, classes: ['message', 'media'] })).toBe(false);
  expect(isWithin(rule, { ...at, shares: true })).toBe(false);
});

test('leaving early is confirmed by a person, never by a rule', () => {
  fc.assert(
    fc.property(rules, changes, (rule, bound) => {
      expect(isWithin(rule, { ...bound, kind: 'network.leave' })).toBe(false);
    }),
  );
});

test('a rule can name every kind of change of the exchange; the tariff of a pair counts as tariffs', () => {
  const kinds = ExchangeChange.options
    .map(({ shape }) => shape.kind.value)
    .filter((kind) => kind !== 'tariff.pair');
  expect([...RULE_KINDS].toSorted()).toEqual(kinds.toSorted());
});

test.each([
  ['xmpp', 'xmpp', 'matrix', 'matrix'],
  ['matrix', 'xmpp', 'matrix', 'xmpp'],
  ['xmpp', 'xmpp', '*', '*'],
  ['fetion', 'xmpp', '*', 'xmpp'],
  ['fetion', '*', 'xmpp', 'xmpp'],
  ['xmpp', '*', 'xmpp', '*'],
  ['fetion', '*', '*', '*'],
])('for %s the other end of %s to %s is %s', (network, from, to, other) => {
  expect(counterpartOf(network, [from, to])).toBe(other);
});
