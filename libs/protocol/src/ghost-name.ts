/**
 * Ghost names: how the local part of a foreign address is written inside a network that allows fewer or other
 * characters, folds case, or limits length. Reversible wherever it fits; where it does not, the name is a digest
 * and the adapter keeps `digest -> address` in its own bucket. A number is written as people write it: +8613800138000.
 */
import { createHash } from 'node:crypto';
import { encodeLocal, decodeLocal, type Address, type Network, networkOf } from './address.js';
import { E164, numberOf, TEL, telAddress } from './numbers.js';

export interface GhostNameRule {
  /** What stands for `%` before two hex digits. XMPP keeps `%`; Matrix ids allow `=`. */
  escape: '%' | '=';
  /** Bytes available for the local part. */
  maxBytes: number;
}

export type GhostName = { kind: 'exact'; name: string } | { kind: 'digest'; name: string };

const DIGEST_PREFIX = '-x-';

export function ghostName(address: Address, rule: GhostNameRule): GhostName {
  const number = numberOf(address);
  if (number) return { kind: 'exact', name: number };
  const local = address.slice(3, address.lastIndexOf('@'));
  const name = local.replaceAll('%', rule.escape).toLowerCase();
  if (name.length <= rule.maxBytes && !name.startsWith(DIGEST_PREFIX)) return { kind: 'exact', name };
  return {
    kind: 'digest',
    name: DIGEST_PREFIX + createHash('sha256').update(address).digest('hex').slice(0, 40),
  };
}

export function isDigestName(name: string): boolean {
  return name.startsWith(DIGEST_PREFIX);
}

/** Inverse of an exact ghostName. Throws 30 when the name is not one of ours. */
export function addressOfGhost(name: string, rule: GhostNameRule, network: Network): Address {
  if (network === TEL && E164.safeParse(name).success) return telAddress(name as E164);
  const native = decodeLocal(rule.escape === '%' ? name : name.replaceAll(rule.escape, '%'));
  return `im:${encodeLocal(native)}@${network}` as Address;
}

/** A readable network tag for display names: "alice@example.org (xmpp)". */
export function shownName(address: Address, displayName: string | undefined, native: string): string {
  return `${displayName ?? native} (${networkOf(address)})`;
}
