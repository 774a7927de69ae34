/** People of a test with a key each. Adding somebody takes two admins; the person makes the key. */
import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '#database';

export function newKey(): { key: string; sha256: string } {
  const key = `hk_${randomBytes(32).toString('base64url')}`;
  return { key, sha256: createHash('sha256').update(key).digest('hex') };
}

export interface TwoAdmins {
  /** @returns the id of the proposal */
  propose(path: string, body: object): Promise<string>;
  /** @returns the HTTP status */
  approve(change: string): Promise<number>;
}

/** @returns the key of the new person */
export async function addPerson(
  admins: TwoAdmins,
  { name, role, network }: { name: string; role: Role; network?: string | undefined },
): Promise<string> {
  const { key, sha256 } = newKey();
  const mail = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${randomBytes(4).toString('hex')}@example.org`;
  const terms = { name, mail, roles: [role], ...(network ? { network } : {}), key: { name, sha256 } };
  const change = await admins.propose('/v1/people', { terms, reason: 'a test' });
  const status = await admins.approve(change);
  if (status !== 200) throw new Error(`${name} was not added: the approval was answered with ${status}`);
  return key;
}
