import { AMOUNT, SIGNED_AMOUNT } from './amount';

test.each(['1', '0.05', '12.000001', '999999999999'])('%s is an amount', (text) => {
  expect(text).toMatch(AMOUNT);
  expect(`-${text}`).toMatch(SIGNED_AMOUNT);
});

test.each(['', '0', '0.000', '-1', '1.', '.5', '1,5', '01', '1.0000001', '1e3', '1234567890123'])(
  '%j is none',
  (text) => expect(text).not.toMatch(AMOUNT),
);
