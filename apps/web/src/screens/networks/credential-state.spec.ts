import { credentialState, type CredentialState } from './credential-state';

const now = new Date('2026-12-01T00:00:00Z');

it.each<[string, string | null, CredentialState]>([
  ['2027-02-01T00:00:00Z', null, 'valid'],
  ['2026-12-10T00:00:00Z', null, 'expiring'],
  ['2026-12-01T00:00:00Z', null, 'expired'],
  ['2027-02-01T00:00:00Z', '2026-11-30T00:00:00Z', 'revoked'],
])('a credential until %s, revoked at %s, is %s', (expiresAt, revokedAt, state) =>
  expect(credentialState({ expiresAt, revokedAt }, now)).toBe(state),
);
