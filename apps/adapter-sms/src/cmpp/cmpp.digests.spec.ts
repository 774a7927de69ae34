/** The vectors of the login. */
import { hex } from '../testing/raw-gateway.js';
import { authenticatorSource, authenticatorsOfGateway } from './cmpp.digests.js';

const SOURCE = hex('90d00c1d517abd0b4f65f6bcf8535d16');

test('the service provider proves the secret', () => {
  expect(authenticatorSource('900001', '888888', 1021080510)).toEqual(SOURCE);
});

test('a month below ten is hashed with its zero', () => {
  expect(authenticatorSource('900001', '888888', 301000000)).not.toEqual(
    authenticatorSource('900001', '888888', 3010000000),
  );
});

test('the gateway proves it with a status of one byte or of four', () => {
  expect(authenticatorsOfGateway(0, SOURCE, '888888')).toEqual([
    hex('6c0b846e25bab6daa4ed1c466e0f4bd8'),
    hex('7942977274098cf210ab0c16c367bc8d'),
  ]);
});
