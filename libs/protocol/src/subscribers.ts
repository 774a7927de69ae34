/** Consent of a subscriber: who may write to them from other networks, and whom they have blocked. */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { Address, networkOf } from './address.js';
import type { CanonicalAddresses } from './canonical-address.js';

export const REACH = ['all', 'contacts', 'nobody'] as const;
export const Reach = z.enum(REACH).meta({
  id: 'Reach',
  description:
    'Who of other networks may write to the subscriber. all; contacts: the addresses in `contacts`; nobody',
});
export type Reach = z.infer<typeof Reach>;

/** Maximum number of addresses in a list, so that a record is much smaller than the maximum message size of the bus. */
const MOST = 1000;

export const Consent = z
  .object({
    address: Address,
    reach: Reach,
    contacts: z
      .array(Address)
      .max(MOST)
      .describe('Addresses that may write to the subscriber with reach `contacts`'),
    blocked: z.array(Address).max(MOST).describe('Addresses that may not write to the subscriber'),
  })
  .meta({
    id: 'Consent',
    description:
      'Stored in the bucket `subscribers` for every address that differs from the default (reach `all`, no address blocked)',
  });
export type Consent = z.infer<typeof Consent>;

export function openToAll(address: Address): Consent {
  return { address, reach: 'all', contacts: [], blocked: [] };
}

export function isOpenToAll({ reach, blocked }: Consent): boolean {
  return reach === 'all' && blocked.length === 0;
}

/** @param consent of the recipient; undefined: the default */
export function mayReach(consent: Consent | undefined, from: Address): boolean {
  if (!consent) return true;
  if (consent.blocked.includes(from)) return false;
  switch (consent.reach) {
    case 'all':
      return true;
    case 'contacts':
      return consent.contacts.includes(from);
    case 'nobody':
      return false;
  }
}

/** The narrowest first. */
const STRICTNESS: readonly Reach[] = ['nobody', 'contacts', 'all'];

/**
 * Merges consents that were given under different spellings of one address. An address that one of them blocks is blocked, and
 * the narrowest reach applies. The lists keep their bound: with too many blocked addresses, only contacts that are not blocked
 * may write.
 */
export function mergedConsent(
  address: Address,
  given: readonly Consent[],
  canonical: CanonicalAddresses,
): Consent {
  const reach = STRICTNESS.find((one) => given.some((consent) => consent.reach === one)) ?? 'all';
  const blocked = canonical.all(given.flatMap((consent) => consent.blocked));
  const contacts = canonical.all(given.flatMap((consent) => consent.contacts));
  if (blocked.length <= MOST) return { address, reach, contacts: contacts.slice(0, MOST), blocked };
  const welcome = contacts.filter((contact) => !blocked.includes(contact)).slice(0, MOST);
  return {
    address,
    reach: reach === 'all' ? 'contacts' : reach,
    contacts: welcome,
    blocked: blocked.slice(0, MOST),
  };
}

/** Key in the bucket: the digest of the address under its network, because an address can be longer than a key. */
export function consentKey(address: Address): string {
  return `${networkOf(address)}.${hash('sha256', address, 'base64url')}`;
}
