/** A second factor that the owner of a key sets up. */
import { Secret, TOTP } from 'otpauth';
import { hashOfPassword } from '../../apps/console/src/sign-in/password-hash.js';
import type { ConsoleFixture } from './console-fixture.js';

/** What the authenticator shows. */
export function codeAt(secret: string, at = new Date()): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });
}

export interface Owner {
  id: string;
  /** Of the web console. */
  visitor: { user: string; password: string };
  secret: string;
  recoveryCodes: string[];
}

/** Gives the owner a first password as well, with a hash that costs little to check. */
export async function secondFactorOf(
  house: ConsoleFixture,
  key: string,
  password: string,
  at = new Date(),
): Promise<Owner> {
  type Me = { person: { id: string; mail: string } };
  const { id, mail } = (await house.call<Me>(key, 'GET', '/v1/me')).body.person;
  const hash = await hashOfPassword(password, { logN: 10, r: 8, p: 1 });
  await house.sql('INSERT INTO password (person_id, hash, changed_at) VALUES ($1, $2, now())', [id, hash]);
  type Offer = { secret: string };
  const { secret } = (await house.call<Offer>(key, 'POST', '/v1/me/second-factor', { password })).body;
  type Codes = { recoveryCodes: string[] };
  const confirmation = { code: codeAt(secret, at) };
  const { status, body } = await house.call<Codes>(key, 'POST', '/v1/me/second-factor/confirm', confirmation);
  if (status !== 200) throw new Error(`second factor: ${JSON.stringify(body)}`);
  return { id, visitor: { user: mail, password }, secret, recoveryCodes: body.recoveryCodes };
}
