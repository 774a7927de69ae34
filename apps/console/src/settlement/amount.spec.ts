import fc from 'fast-check';
import { Amount, decimalOf, millionths, SignedAmount } from './amount.js';

test('every amount is written and read exactly', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }), (amount) => {
      const text = decimalOf(amount);
      expect(millionths(text)).toBe(amount);
      if (amount !== 0n) expect(SignedAmount.parse(text)).toBe(text);
    }),
  );
});

test.each([
  ['1', 1_000_000n],
  ['0.05', 50_000n],
  ['0.000001', 1n],
  ['12.50', 12_500_000n],
  ['999999999999.999999', 999_999_999_999_999_999n],
])('%s yuan are %s millionths', (text, expected) => {
  expect(millionths(Amount.parse(text))).toBe(expected);
});

test.each([
  '',
  '1.',
  '.5',
  '01',
  '1e3',
  '+1',
  '0.0000001',
  '1234567890123',
  ' 1',
  '1\n',
  '1,5',
  'NaN',
  '0',
  '0.00',
  '-0',
])('%j is no amount', (text) => {
  expect(SignedAmount.safeParse(text).success).toBe(false);
});

test('less than nothing is a difference, but not a claim', () => {
  expect(SignedAmount.safeParse('-1').success).toBe(true);
  expect(Amount.safeParse('-1').success).toBe(false);
});
