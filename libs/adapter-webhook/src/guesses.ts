/** Guesses at the tokens and signing keys of HTTP requests, and of requests for WebSockets, are slowed down by address. */
import { HubError, toHubError } from '#protocol';
import type { Claim, WrongProofs } from '#service';
import { isPublic } from '#service/public-address';

/**
 * @param secret the token, when it is known where the request has it
 * @returns undefined: not slowed down. Behind a reverse proxy all callers have its address, and before a platform has proven
 * itself guesses of others would make its callbacks wait; some platforms deliver them once
 */
export function claimOf(address: string, secret: string | undefined): Claim | undefined {
  if (secret !== undefined) return { address, secret };
  return isPublic(address) ? { address } : undefined;
}

/** @throws HubError 65 while the address has to wait */
export function mustNotWait(proofs: WrongProofs, claim: Claim | undefined): void {
  const retryAfterMs = claim === undefined ? 0 : proofs.mustWaitMs(claim);
  if (retryAfterMs > 0)
    throw new HubError('65', 'too many wrong tokens or signatures came from this address', { retryAfterMs });
}

/** Counts what the check says. @throws what the check throws, and HubError 65 */
export async function slowedDown<Found>(
  proofs: WrongProofs,
  claim: Claim | undefined,
  check: () => Found | Promise<Found>,
): Promise<Found> {
  mustNotWait(proofs, claim);
  try {
    const found = await check();
    if (claim) proofs.right(claim);
    return found;
  } catch (thrown) {
    if (claim && toHubError(thrown).code === '31') proofs.wrong(claim);
    throw thrown;
  }
}
