/** What a login proves, by the published vectors and by a client's own cryptography. */
import { LoginKey, digest1, digest2 } from './login-secrets.js';
import { digestResponse } from './test/raw-client.js';

const NONCE = '0123456789ABCDEF0123456789ABCDEF';
const USER_ID = 390000000;
const key = new LoginKey();
const challenge = `Digest algorithm="SHA1-sess-v4",nonce="${NONCE}",key="${key.published}"`;
const answer = (password: string) => digestResponse(challenge, { userId: USER_ID, password });
const digest = digest2(USER_ID, 'password');

describe('the digests', () => {
  test('of a password', () => {
    expect(digest1('password').toString('hex')).toBe('79cd56b93f21298dc8ae9d26de1258e3d6ce85a7');
  });

  test('of a password and a user id', () => {
    expect(digest.toString('hex')).toBe('4028a008a9a7359cad0309852eed6a235682fca7');
  });
});

describe('the answer to a challenge', () => {
  test('holds the key that the client chose', () => {
    expect(key.open(answer('password'), NONCE, digest)).toHaveLength(32);
  });

  test.each([
    ['another password', answer('Password'), NONCE],
    ['an old nonce', answer('password'), NONCE.replace('0', '1')],
    ['a longer nonce', answer('password'), `${NONCE}0`],
    ['bytes that decrypt to noise', 'AB'.repeat(128), NONCE],
    ['bytes beyond the modulus', 'FF'.repeat(128), NONCE],
    ['half an answer', answer('password').slice(128), NONCE],
    ['nothing', '', NONCE],
  ])('is refused for %s', (_, response, nonce) => {
    expect(key.open(response, nonce, digest)).toBeUndefined();
  });
});
