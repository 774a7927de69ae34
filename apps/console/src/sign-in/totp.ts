/** Codes of an authenticator (RFC 6238). Pure, but for the making of secrets. */
import { Secret, TOTP } from 'otpauth';

const ISSUER = 'Hutong';
const PERIOD_S = 30;
const SECRET_BYTES = 20;
/** Steps before and after the present one, for clocks that differ. */
const WINDOW = 1;

export function newSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** For the QR code that an authenticator reads. */
export function otpauthUri(secret: string, label: string): string {
  return totpOf(secret, label).toString();
}

/** @returns the time step of the code; undefined: it is wrong, or not newer than `lastStep` */
export function acceptedStep(
  secret: string,
  code: string,
  { now, lastStep }: { now: Date; lastStep: number },
): number | undefined {
  const timestamp = now.getTime();
  const delta = totpOf(secret).validate({ token: code, timestamp, window: WINDOW });
  if (delta === null) return undefined;
  const step = Math.floor(timestamp / 1000 / PERIOD_S) + delta;
  return step > lastStep ? step : undefined;
}

function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
  });
}
