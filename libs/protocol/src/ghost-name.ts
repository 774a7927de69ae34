/**
 * Ghost names: how the local part of a foreign address is written inside a network that allows fewer or other
 * characters, folds case, or limits length. Reversible wherever it fits; where it does not, the name is a digest
 * and the adapter keeps `digest -> address` in its own bucket. A number is written as people write it: +8613800138000.
 */
import { hash } from 'node:crypto';
import { encodeLocal, decodeLocal, type Address, type Network, networkOf } from './address.js';
import { cutName, LONGEST_NAME, personName, visibleName } from './person-name.js';
import { isReserved } from './reserved-networks.js';
import { E164, numberOf, TEL, telAddress } from './telephone-numbers.js';

export interface GhostNameRule {
  /** Replaces `%` before two hex digits. XMPP keeps `%`; Matrix ids allow `=`. */
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
    name: DIGEST_PREFIX + hash('sha256', address, 'hex').slice(0, 40),
  };
}

export function isDigestName(name: string): boolean {
  return name.startsWith(DIGEST_PREFIX);
}

/** The inverse of an exact ghostName. @throws HubError 30 for a name that ghostName does not produce */
export function addressOfGhost(name: string, rule: GhostNameRule, network: Network): Address {
  if (network === TEL && E164.safeParse(name).success) return telAddress(name as E164);
  const native = decodeLocal(rule.escape === '%' ? name : name.replaceAll(rule.escape, '%'));
  return `im:${encodeLocal(native)}@${network}` as Address;
}

/**
 * How a foreign person is called inside a network, at most `most` UTF-16 units long: "alice (xmpp)". The tag is ours
 * alone; a name that cannot be shown gives way to the native id, and an id that cannot be shown to the address.
 */
export function shownName(
  address: Address,
  displayName: string | undefined,
  native: string,
  most = LONGEST_NAME,
): string {
  const tag = ` (${networkOf(address)})`;
  return callName(address, displayName, native, most - tag.length) + tag;
}

/** The same, without the tag. */
export function callName(
  address: Address,
  displayName: string | undefined,
  native: string,
  most: number,
): string {
  // Notices of the hub and of its certifier have names of their own, which nobody else may use.
  const own = isReserved(networkOf(address)) ? cutName(visibleName(displayName), most) : '';
  return (
    own || (personName(displayName, most) ?? personName(native, most) ?? cutName(address.slice(3), most))
  );
}
