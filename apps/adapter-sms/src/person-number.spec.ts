import { readNumber, writtenNumber } from './person-number.js';

test.each([
  ['13800000001', '8613800000001'],
  ['8613800000001', '8613800000001'],
  ['+8613800000001', '8613800000001'],
  ['008613800000001', '8613800000001'],
  ['13800000001  ', '8613800000001'],
  // Of other countries, and of services.
  ['12025550123', '12025550123'],
  ['4915112345678', '4915112345678'],
  ['10086', '10086'],
  ['', ''],
])('a gateway writes "%s": %s', (written, number) => {
  expect(readNumber(written)).toBe(number);
});

test.each([
  ['8613800000001', 'national', '13800000001'],
  ['8613800000001', 'international', '8613800000001'],
  ['4915112345678', 'national', '4915112345678'],
  ['861012345678', 'national', '861012345678'],
] as const)('%s, %s: %s', (number, form, written) => {
  expect(writtenNumber(number, form)).toBe(written);
});
