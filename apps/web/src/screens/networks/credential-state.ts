/** Whether a bus credential can be used. Pure. */

export type CredentialState = 'valid' | 'expiring' | 'expired' | 'revoked';

/** Days before the end of a credential in which it counts as expiring; the overview warns from the same day. */
const EXPIRING_DAYS = 14;
const DAY_MS = 24 * 3600_000;

export function credentialState(
  { expiresAt, revokedAt }: { expiresAt: string; revokedAt: string | null },
  now: Date,
): CredentialState {
  if (revokedAt !== null) return 'revoked';
  const leftMs = Date.parse(expiresAt) - now.getTime();
  if (leftMs <= 0) return 'expired';
  return leftMs <= EXPIRING_DAYS * DAY_MS ? 'expiring' : 'valid';
}
