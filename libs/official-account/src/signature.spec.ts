import fc from 'fast-check';
import { checkSignature, signatureOf } from './signature.js';

const TOKEN = 'hubtoken';
const TIMESTAMP = '1700000000';
const NONCE = 'nonce123';
const SIGNATURE = '1cf24ca5af4949182302b7a7188359bdc13f5c6a';
const AT = 1_700_000_000_000;

const check = (given = SIGNATURE, timestamp = TIMESTAMP, now = AT) =>
  checkSignature(given, [TOKEN, timestamp, NONCE], timestamp, now);

const refused = expect.objectContaining({ name: 'HubError', code: '31' }) as Error;

describe('signatures of the WeChat family', () => {
  test('the known one', () => {
    expect(signatureOf(TOKEN, TIMESTAMP, NONCE)).toBe(SIGNATURE);
  });

  test('the order of its parts does not matter', () => {
    expect(signatureOf(NONCE, TOKEN, TIMESTAMP)).toBe(SIGNATURE);
  });

  test('parts are sorted as bytes are: capitals first', () => {
    expect(signatureOf('a', 'B', '1')).toBe(signatureOf('1Ba'));
  });

  test('the same parts stay as they were', () => {
    const parts = ['z', 'a'];
    signatureOf(...parts);
    expect(parts).toEqual(['z', 'a']);
  });

  test.each([0, 300, -300])('is believed %i seconds after it was made', (seconds) => {
    expect(() => check(SIGNATURE, TIMESTAMP, AT + seconds * 1000)).not.toThrow();
  });

  test('is believed in capitals', () => {
    expect(() => check(SIGNATURE.toUpperCase())).not.toThrow();
  });

  test.each([301, -301, 1e9])('is not believed %i seconds after it was made', (seconds) => {
    expect(() => check(SIGNATURE, TIMESTAMP, AT + seconds * 1000)).toThrow(refused);
  });

  test.each([
    ['of something else', SIGNATURE.replace('1', '2')],
    ['too short', SIGNATURE.slice(1)],
    ['too long', `${SIGNATURE}0`],
    ['empty', ''],
    ['of the right length and no number', 'x'.repeat(40)],
  ])('one that is %s is refused with 31', (_, given) => {
    expect(() => check(given)).toThrow(refused);
  });

  test.each(['', 'now', '-1700000000', '17e8', '0x6553f100', ' 1700000000', '1700000000.0', '1700000000000'])(
    'a time of "%s" is refused with 31, however well it is signed',
    (timestamp) => {
      expect(() => check(signatureOf(TOKEN, timestamp, NONCE), timestamp)).toThrow(refused);
    },
  );

  test('a signature needs the token', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (token, nonce) => {
        fc.pre(token !== TOKEN);
        const given = signatureOf(token, TIMESTAMP, nonce);
        expect(() => checkSignature(given, [TOKEN, TIMESTAMP, nonce], TIMESTAMP, AT)).toThrow(refused);
      }),
    );
  });
});
