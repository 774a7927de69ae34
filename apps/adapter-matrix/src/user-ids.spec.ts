import fc from 'fast-check';
import { parse } from 'yaml';
import { addressOf, network } from '#protocol';
import { registrationFile } from './registration.js';
import { addressOfGhostId, ghostUserId, isOurs } from './user-ids.js';

const SERVER = 'example.org';
const xmpp = network('xmpp');

describe('user ids of ghosts', () => {
  test('contain the local part and the network', () => {
    expect(ghostUserId(addressOf(xmpp, 'alice@example.org'), SERVER).userId).toBe(
      '@_hutong_xmpp_alice=40example.org:example.org',
    );
  });

  test('contain only characters of user ids, fit in 255 bytes, and convert back to the address', () => {
    const natives = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
      fc.string({ unit: 'grapheme', minLength: 300, maxLength: 400 }),
    );
    fc.assert(
      fc.property(natives, (native) => {
        const address = addressOf(xmpp, native);
        const { userId, digest } = ghostUserId(address, SERVER);
        expect(userId).toMatch(/^@[a-z0-9._=\-/+]+:example\.org$/);
        expect(Buffer.byteLength(userId)).toBeLessThanOrEqual(255);
        expect(addressOfGhostId(userId, SERVER)).toEqual(digest === undefined ? { address } : { digest });
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    '@bob:example.org',
    '@_hutong:example.org',
    '@_hutong_xmpp_:example.org',
    '@_hutong_xmpp_a=zz:example.org',
    '@_hutong_xmpp_a:other.org',
    '',
  ])('%j is no ghost: 14', (userId) => {
    expect(() => addressOfGhostId(userId, SERVER)).toThrow(expect.objectContaining({ code: '14' }) as Error);
  });

  test('only the user of the application service and its ghosts belong to the adapter', () => {
    expect(
      [
        '@_hutong:example.org',
        '@_hutong_xmpp_a:example.org',
        '@bob:example.org',
        '@_hutong_xmpp_a:other.org',
      ].map((id) => isOurs(id, SERVER)),
    ).toEqual([true, true, false, false]);
  });
});

describe('the registration file', () => {
  const file = parse(
    registrationFile({
      id: 'hutong',
      url: 'http://127.0.0.1:9009',
      asToken: 'a',
      hsToken: 'h',
      serverName: SERVER,
    }),
  ) as {
    namespaces: { users: { exclusive: boolean; regex: string }[] };
    receive_ephemeral: boolean;
  };

  test('claims exactly our ghosts, and asks for typing, receipts and presence', () => {
    const [users] = file.namespaces.users;
    const regex = new RegExp(`^${users?.regex}$`);
    expect(regex.test('@_hutong_xmpp_alice=40a:example.org')).toBe(true);
    expect(regex.test('@bob:example.org')).toBe(false);
    expect(regex.test('@_hutong_xmpp_a:exampleXorg')).toBe(false);
    expect(users?.exclusive).toBe(true);
    expect(file.receive_ephemeral).toBe(true);
  });
});
