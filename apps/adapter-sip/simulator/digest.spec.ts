/** Answers to challenges: the examples of RFC 2617 §3.5 and RFC 7616 §3.9.1. */
import { answerTo, challengeIn, type Algorithm } from './digest.js';
import type { SipResponse } from './sip-message.js';

const responseWith = (...challenges: string[]): SipResponse => ({
  status: 401,
  reason: 'Unauthorized',
  headers: challenges.map((value) => ['WWW-Authenticate', value] as const),
  body: Buffer.alloc(0),
});

const BOTH: readonly Algorithm[] = ['md5', 'sha-256'];

test('MD5 without an algorithm, as in RFC 2617', () => {
  const challenge = challengeIn(
    responseWith(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    ),
    BOTH,
  );
  if (!challenge) throw new Error('there is a challenge');
  const login = { user: 'Mufasa', password: 'Circle Of Life' };
  const answer = answerTo(challenge, login, { method: 'GET', uri: '/dir/index.html' }, 1, '0a4f113b');
  expect(answer).toContain('response="6629fae49393a05397450978507c4ef1"');
  expect(answer).toContain('qop=auth, nc=00000001, cnonce="0a4f113b"');
  expect(answer).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41"');
  expect(answer).not.toContain('algorithm');
});

test.each([
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
])('%s, as in RFC 7616', (algorithm, expected) => {
  const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
  const challenge = challengeIn(
    responseWith(
      `Digest realm="http-auth@example.org", qop="auth", algorithm=${algorithm}, nonce="${nonce}"`,
    ),
    BOTH,
  );
  if (!challenge) throw new Error('there is a challenge');
  const login = { user: 'Mufasa', password: 'Circle of Life' };
  const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
  expect(answerTo(challenge, login, { method: 'GET', uri: '/dir/index.html' }, 1, cnonce)).toContain(
    `response="${expected}"`,
  );
});

test('the first challenge that the phone knows is answered', () => {
  const response = responseWith(
    'Digest realm="r", nonce="1", algorithm=SHA-512-256',
    'Digest realm="r", nonce="2", algorithm=SHA-256',
    'Digest realm="r", nonce="3", algorithm=MD5',
  );
  expect(challengeIn(response, BOTH)?.nonce).toBe('2');
  expect(challengeIn(response, ['md5'])?.nonce).toBe('3');
  expect(challengeIn(responseWith('Basic realm="r"'), BOTH)).toBeUndefined();
  expect(challengeIn(responseWith('Digest realm="r", nonce="1", qop="auth-int"'), BOTH)).toBeUndefined();
});
