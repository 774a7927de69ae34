/** What a subscriber lets others do: who may reach him from abroad, and whom he has blocked. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Address, networkOf } from './address.js';
import type { CanonicalAddresses } from './canonical-address.js';

export const REACH = ['all', 'contacts', 'nobody'] as const;
export const Reach = z.enum(REACH).meta({
  id: 'Reach',
  description: 'Who of other networks may reach him: all; contacts: those whom he named; nobody',
});
export type Reach = z.infer<typeof Reach>;

/** So that one record stays far below the size of a message on the bus. */
const MOST = 1000;

export const Consent = z
  .object({
    address: Address,
    reach: Reach,
    contacts: z.array(Address).max(MOST).describe('With reach `contacts`: those who may'),
    blocked: z.array(Address).max(MOST),
  })
  .meta({
    id: 'Consent',
    description:
      'In the bucket `subscribers`, for every address that differs from the default: all, none blocked',
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
 * One consent of several that were given under different spellings of one address: whoever is blocked in one is blocked, and
 *  the narrowest reach holds. The lists keep their bound: where too many are blocked, only contacts who are not get through.
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

/** An address may be longer than a key: its digest, under its network. */
export function consentKey(address: Address): string {
  return `${networkOf(address)}.${createHash('sha256').update(address).digest('base64url')}`;
}
