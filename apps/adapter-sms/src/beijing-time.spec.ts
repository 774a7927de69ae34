import { monthToSecond, tenDigits } from './beijing-time.js';

test.each([
  ['2026-03-01T00:00:00+08:00', 301000000, '0301000000'],
  ['2026-12-31T15:59:59Z', 1231235959, '1231235959'],
  ['2026-12-31T16:00:00Z', 101000000, '0101000000'],
])('%s is %d', (at, number, digits) => {
  expect(monthToSecond(new Date(at))).toBe(number);
  expect(tenDigits(number)).toBe(digits);
});
