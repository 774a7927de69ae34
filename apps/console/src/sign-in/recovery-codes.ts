/** Recovery codes, for sign-in without the authenticator: each is accepted once. Pure, but for the making of codes. */
import { createHash } from 'node:crypto';
import { Secret } from 'otpauth';

export const RECOVERY_CODES = 10;
/** 80 bits: a fast hash is enough, because nobody can try so many. */
const CODE_BYTES = 10;
const GROUP = /.{4}(?=.)/g;

/** In the form in which people keep them: `ABCD-EFGH-JKLM-NPQR`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    new Secret({ size: CODE_BYTES }).base32.replaceAll(GROUP, '$&-'),
  );
}

/** Two people with the same code have different hashes. */
export function hashOfRecoveryCode(person: string, code: string): string {
  const letters = code.toUpperCase().replaceAll(/[ -]/g, '');
  return createHash('sha256').update(`${person} ${letters}`).digest('hex');
}

/** Codes of an authenticator have six digits. */
export function isRecoveryCode(code: string): boolean {
  return code.length > 6;
}
