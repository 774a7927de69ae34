import fc from 'fast-check';
import { addressOf, network } from './address.js';
import { levels, type Capabilities } from './capabilities.js';
import { addressOfGhost, ghostName } from './ghost-name.js';
import { E164, nativeOfNumber, numberOf, TEL, telAddress } from './telephone-numbers.js';

const anyNumber = fc.stringMatching(/^\+[1-9]\d{6,14}$/).map((text) => text as E164);
const RULE = { escape: '%', maxBytes: 1023 } as const;

test('number -> address -> number is exact, also as the name of a ghost', () => {
  fc.assert(
    fc.property(anyNumber, (number) => {
      const address = telAddress(number);
      expect(numberOf(address)).toBe(number);
      expect(ghostName(address, RULE)).toEqual({ kind: 'exact', name: number });
      expect(addressOfGhost(number, RULE, TEL)).toBe(address);
    }),
  );
});

test('is written as people write it', () => {
  expect(telAddress('+8613800138000' as E164)).toBe('im:%2B8613800138000@tel');
});

test.each(['8613800138000', '+0123456789', '+123', '+1234567890123456', 'hello', '+86 138 0013 8000'])(
  '%s is no number',
  (text) => {
    expect(E164.safeParse(text).success).toBe(false);
    expect(numberOf(addressOf(TEL, text))).toBeUndefined();
  },
);

test('the same words in another network are no number', () => {
  expect(numberOf(addressOf(network('hotel'), '+8613800138000'))).toBeUndefined();
});

test.each([
  [undefined, '8613800138000'],
  ['86', '13800138000'],
  ['1', '8613800138000'],
])('inside a network that does without %s it is %s', (numbersWithout, native) => {
  const capabilities: Capabilities = {
    version: '1',
    language: 'zh',
    features: levels(2),
    limits: {},
    numbersWithout,
  };
  expect(nativeOfNumber('+8613800138000' as E164, capabilities)).toBe(native);
});
