/** Which role somebody gets who signs in with OpenID Connect. Pure. */
import { ROLES, type Role } from '#database';
import { roleOf } from './sign-in.service.js';

/**
 * The provider can only take roles away: who has which role is decided here, by two people.
 * @param claim name of the claim with the roles; undefined: the provider does not say
 * @returns undefined: no role that the person has here and the provider allows
 */
export function roleByClaim(
  roles: readonly Role[],
  claims: Readonly<Record<string, unknown>>,
  claim: string | undefined,
): Role | undefined {
  if (claim === undefined) return roleOf(roles);
  const named = [claims[claim]].flat();
  // An admin can do what an auditor can.
  const own: Role[] = roles.includes('admin') ? [...roles, 'auditor'] : [...roles];
  const allowed = ROLES.filter((role) => own.includes(role) && named.includes(role));
  return allowed.length === 0 ? undefined : roleOf(allowed);
}
