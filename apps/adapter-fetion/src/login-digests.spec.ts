import { constants, createHash, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import fc from 'fast-check';
import { answerChallenge, digest1, digest2, readChallenge } from './login-digests.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const USER_ID = 390000000;
const NONCE = '0123456789ABCDEF0123456789ABCDEF';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url')
  .toString('hex')
  .toUpperCase();
const header = (fields: Partial<Record<'algorithm' | 'nonce' | 'key', string>> = {}) => {
  const { algorithm, nonce, key } = {
    algorithm: 'SHA1-sess-v4',
    nonce: NONCE,
    key: `${modulus}010001`,
    ...fields,
  };
  return `Digest algorithm="${algorithm}",nonce="${nonce}",key="${key}",signature="ABCDEF"`;
};
const opened = (answer: string) =>
  privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(answer, 'hex'));

const malformed = expect.objectContaining({ name: 'HubError', code: '30' }) as Error;

describe('the digests', () => {
  test('of a password', () => {
    expect(digest1('password')).toBe('79cd56b93f21298dc8ae9d26de1258e3d6ce85a7');
  });

  test('of a password and a user id', () => {
    expect(digest2(USER_ID, 'password')).toBe('4028a008a9a7359cad0309852eed6a235682fca7');
  });

  test('the user id counts as four bytes, the lowest first, up to the last number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (id) => {
        const bytes = [id % 256, Math.floor(id / 256) % 256, Math.floor(id / 65_536) % 256, id / 2 ** 24];
        const expected = createHash('sha1')
          .update(Buffer.from([...bytes.map(Math.floor), ...Buffer.from(digest1('x'), 'hex')]))
          .digest('hex');
        expect(digest2(id, 'x')).toBe(expected);
      }),
    );
  });
});

describe('the challenge', () => {
  test('its parts', () => {
    expect(readChallenge(header())).toEqual({ nonce: NONCE, modulus, exponent: '010001' });
  });

  test.each([
    ['none at all', undefined],
    ['an empty one', ''],
    ['the method of 2006', header({ algorithm: 'SHA1-sess' })],
    ['a request for a captcha', 'Verify algorithm="picc-ChangeMachine",type="GeneralPic"'],
    ['no nonce', header({ nonce: '' })],
    ['half a key', header({ key: modulus })],
    ['too much of a key', header({ key: `${modulus}01000100` })],
    ['a key that is no number', header({ key: 'x'.repeat(262) })],
  ])('%s is refused with 30', (_, text) => {
    expect(() => readChallenge(text)).toThrow(malformed);
  });

  test('any challenge of a server is parsed or refused with 30', () => {
    const word = fc.constantFrom(
      'algorithm="SHA1-sess-v4"',
      `nonce="${NONCE}"`,
      `key="${modulus}010001"`,
      'key="AB"',
      'nonce=',
      '"',
      ',',
      'é',
    );
    const answers = { challenge: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        try {
          expect(readChallenge(words.join(',')).modulus).toBe(modulus);
          answers.challenge++;
        } catch (error) {
          expect(error).toMatchObject({ name: 'HubError', code: '30' });
          answers.refused++;
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(Math.min(answers.challenge, answers.refused)).toBeGreaterThan(0);
  });
});

describe('the answer', () => {
  const answer = () => answerChallenge(readChallenge(header()), USER_ID, 'password');

  test('has 256 digits in capitals', () => {
    expect(answer()).toMatch(/^[0-9A-F]{256}$/);
  });

  test('the server finds in it the nonce, the digest and 32 bytes', () => {
    const secret = opened(answer());
    expect(secret.subarray(0, 32).toString('ascii')).toBe(NONCE);
    expect(secret.subarray(32, 52).toString('hex')).toBe(digest2(USER_ID, 'password'));
    expect(secret.subarray(52)).toHaveLength(32);
  });

  test('the nonce is taken as it is written, not as a number', () => {
    const secret = opened(answerChallenge(readChallenge(header({ nonce: 'aB' })), USER_ID, 'password'));
    expect(secret.subarray(0, 2).toString('ascii')).toBe('aB');
    expect(secret).toHaveLength(2 + 20 + 32);
  });

  test('the 32 bytes are new each time', () => {
    expect(opened(answer()).subarray(52)).not.toEqual(opened(answer()).subarray(52));
  });

  test('another password gives another digest', () => {
    const other = opened(answerChallenge(readChallenge(header()), USER_ID, 'Password'));
    expect(other.subarray(32, 52).toString('hex')).not.toBe(digest2(USER_ID, 'password'));
  });
});
