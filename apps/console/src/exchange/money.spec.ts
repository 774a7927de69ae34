import fc from 'fast-check';
import { microsOf, yuanOf } from './money.js';

test.each([
  ['0', 0n],
  ['0.03', 30_000n],
  ['50', 50_000_000n],
  ['0.000001', 1n],
  ['999999999.999999', 999_999_999_999_999n],
])('%s yuan', (yuan, micros) => {
  expect(microsOf(yuan)).toBe(micros);
  expect(yuanOf(micros)).toBe(yuan);
});

test('whatever is kept is shown exactly, and read exactly again', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), (micros) => {
      expect(microsOf(yuanOf(micros))).toBe(micros);
    }),
  );
});

test('debts have a sign', () => expect(yuanOf(-1_500_000n)).toBe('-1.5'));
