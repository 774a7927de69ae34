/** The vectors of RFC 2617 §3.5 and RFC 7616 §3.9.1, and both sides together. */
import { silentLog, WrongProofs } from '#service';
import { FakeClock } from '../../../../test/support/fake-clock.js';
import { Authenticator } from './authenticator.js';
import { digestOf, parseChallenge, parseCredentials, printCredentials } from './digest.js';
import type { SipRequest } from './sip-message.js';

const GET = { user: 'Mufasa', method: 'GET', uri: '/dir/index.html' };
const RFC_7616 = {
  ...GET,
  realm: 'http-auth@example.org',
  password: 'Circle of Life',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  counted: {
    nc: '00000001',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    qop: 'auth' as const,
  },
};

test('the vectors', () => {
  expect(
    digestOf({
      ...GET,
      algorithm: 'MD5',
      realm: 'testrealm@host.com',
      password: 'Circle Of Life',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      counted: { nc: '00000001', cnonce: '0a4f113b', qop: 'auth' },
    }),
  ).toBe('6629fae49393a05397450978507c4ef1');
  expect(digestOf({ ...RFC_7616, algorithm: 'MD5' })).toBe('8ca523f5e9506fed4657c9700eebdbec');
  expect(digestOf({ ...RFC_7616, algorithm: 'SHA-256' })).toBe(
    '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  );
});

const REALM = 'youxin.localhost';
const PHONE = '192.0.2.1';

function asked(authorization?: string, method = 'REGISTER'): SipRequest {
  return {
    kind: 'request',
    method,
    uri: `sip:${REALM}`,
    headers: authorization === undefined ? [] : [['authorization', authorization]],
    body: Buffer.alloc(0),
  };
}

function aRegistrar() {
  const clock = new FakeClock();
  const authenticator = new Authenticator({
    realm: REALM,
    algorithms: ['SHA-256', 'MD5'],
    clock,
    passwordOf: (user) => (user === 'ann' ? 'secret' : undefined),
    proofs: new WrongProofs({ place: 'sip', log: silentLog, clock }),
  });
  const offered = (address = PHONE) => {
    const [, text = ''] = authenticator.challenges('www-authenticate', false, address)[0] ?? [];
    const challenge = parseChallenge(text);
    if (!challenge) throw new Error('no challenge');
    return challenge;
  };
  const proof = (
    challenge = offered(),
    nc = 1,
    { user = 'ann', password = 'secret', method = 'REGISTER' } = {},
  ) => printCredentials(challenge, { user, password, method, uri: `sip:${REALM}` }, { nc, cnonce: 'c' });
  const verify = (authorization?: string, { method = 'REGISTER', address = PHONE } = {}) =>
    authenticator.verify(asked(authorization, method), 'authorization', address);
  return { clock, authenticator, offered, proof, verify };
}

test('whoever knows the password is known; the preferred hash comes first', async () => {
  const { offered, proof, verify } = aRegistrar();
  expect(offered().algorithm).toBe('SHA-256');
  expect(await verify(proof())).toEqual({ proven: true, user: 'ann' });
});

test('nobody else is: no proof, another password, another person, another method, another realm', async () => {
  const { offered, proof, verify } = aRegistrar();
  const no = { proven: false, stale: false, waitMs: 0 };
  expect(await verify()).toEqual(no);
  expect(await verify(proof(offered(), 1, { password: 'guess' }))).toEqual(no);
  expect(await verify(proof(offered(), 1, { user: 'bob' }))).toEqual(no);
  expect(await verify(proof(), { method: 'MESSAGE' })).toEqual(no);
  expect(await verify(proof({ ...offered(), realm: 'elsewhere' }))).toEqual(no);
  expect(await verify('Basic YW5uOnNlY3JldA==')).toEqual(no);
});

test('an overheard request cannot be sent again, while its sender counts on', async () => {
  const { offered, proof, verify } = aRegistrar();
  const challenge = offered();
  const first = proof(challenge, 1);
  expect((await verify(first)).proven).toBe(true);
  expect(await verify(first)).toEqual({ proven: false, stale: true, waitMs: 0 });
  expect((await verify(proof(challenge, 2))).proven).toBe(true);
});

test('a nonce is good for the address to which it was given: nobody guesses in the name of another', async () => {
  const { offered, proof, verify } = aRegistrar();
  for (let at = 0; at < 20; at++)
    expect(await verify(proof(offered('192.0.2.66'), 1, { password: `guess ${at}` }))).toMatchObject({
      stale: true,
    });
  expect(await verify(proof(offered('192.0.2.66')))).toMatchObject({ proven: false, stale: true });
  expect((await verify(proof())).proven).toBe(true);
});

test('whoever guesses waits, and is told for how long; ann does not wait elsewhere, or where she is known', async () => {
  const { offered, proof, verify } = aRegistrar();
  const elsewhere = { address: '192.0.2.66' };
  expect((await verify(proof())).proven).toBe(true);
  for (let at = 0; at < 10; at++) {
    for (const address of [PHONE, elsewhere.address])
      await verify(proof(offered(address), 1, { user: `bob${at}`, password: 'guess' }), { address });
  }
  expect(await verify(proof(offered(elsewhere.address)), elsewhere)).toEqual({
    proven: false,
    stale: false,
    waitMs: 1000,
  });
  expect((await verify(proof())).proven).toBe(true);
  const unknown = { address: '192.0.2.7' };
  expect((await verify(proof(offered(unknown.address)), unknown)).proven).toBe(true);
});

test('a nonce ends after five minutes, and one that we never gave is stale too: the phone asks no person', async () => {
  const { clock, offered, proof, verify } = aRegistrar();
  const challenge = offered();
  await clock.advance(300_001);
  expect(await verify(proof(challenge))).toEqual({ proven: false, stale: true, waitMs: 0 });
  expect(await verify(proof({ ...challenge, nonce: 'of.another.process' }))).toEqual({
    proven: false,
    stale: true,
    waitMs: 0,
  });
});

test('commas in quotes are no separators', () => {
  const text =
    'Digest username="a, \\"b\\"", realm="r", nonce="n", uri="sip:x", response="00", qop=auth, nc=00000001, cnonce="c"';
  expect(parseCredentials(text)).toMatchObject({ user: 'a, "b"', algorithm: 'MD5' });
  expect(parseCredentials(text.replace('nc=00000001', 'nc=1'))).toBeUndefined();
  expect(parseCredentials('Digest algorithm=SHA-512, username="a"')).toBeUndefined();
});
