/**
 * Addresses: `im:<local>@<network>` (in the manner of RFC 3860). The local part is the native id with every byte but
 * `a-z 0-9 . _ -` percent-encoded. So native id -> address -> native id is exact even where a network folds upper case to
 * lower (JIDs, Matrix ids): an upper-case letter is always encoded.
 */
import { z } from 'zod';
import { HubError } from './results.js';

export const NETWORK_PATTERN = /^[a-z][a-z0-9-]{0,30}$/;
export const Network = z
  .string()
  .regex(
    NETWORK_PATTERN,
    'a network is a slug: a-z, 0-9 and "-", starting with a letter, at most 31 characters',
  )
  .brand<'Network'>()
  .meta({ id: 'Network', description: 'Slug of a member network', examples: ['xmpp'] });
export type Network = z.infer<typeof Network>;

/** Each address has one spelling: characters that need no encoding are never encoded. */
const ADDRESS_PATTERN =
  /^im:((?:[a-z0-9._-]|%(?!2D|2E|5F|3[0-9]|6[1-9A-F]|7[0-9A])[0-9A-F]{2})+)@([a-z][a-z0-9-]{0,30})$/;
const MAX_ADDRESS = 20_000;
export const Address = z
  .string()
  .max(MAX_ADDRESS)
  .regex(ADDRESS_PATTERN, 'an address is im:<percent-encoded native id>@<network>')
  .refine(isUtf8, 'the native id in an address is UTF-8')
  .brand<'Address'>()
  .meta({
    id: 'Address',
    description: 'im:<percent-encoded native id>@<network>',
    examples: ['im:alice%40example.org@xmpp'],
  });
export type Address = z.infer<typeof Address>;

const ADDRESS_CHECKS: ReadonlySet<unknown> = new Set(Address.def.checks);

/** Whether this is the schema of an address, also with further bounds (`Address.max(1000)`). */
export function isAddressSchema(schema: z.core.$ZodType): boolean {
  const { checks = [] } = schema._zod.def;
  return checks.filter((check) => ADDRESS_CHECKS.has(check)).length === ADDRESS_CHECKS.size;
}

/** A native id as its network writes it. Only that network's adapter interprets it. */
export type NativeId = string & { readonly __brand?: 'NativeId' };

function isUtf8(percentEncoded: string): boolean {
  try {
    decodeURIComponent(percentEncoded);
    return true;
  } catch (error) {
    if ((error as Error).name === 'URIError') return false;
    throw error;
  }
}

export function network(slug: string): Network {
  const parsed = Network.safeParse(slug);
  if (!parsed.success)
    throw new HubError('15', `"${slug}" is not a network name: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

const BARE = /^[a-z0-9._-]$/;

/** Percent-encodes all but `a-z 0-9 . _ -`, upper-case hex (RFC 3986 §6.2.2.1). */
export function encodeLocal(nativeId: NativeId): string {
  if (nativeId.length === 0) throw new HubError('30', 'an empty native id has no address');
  if (!nativeId.isWellFormed()) throw new HubError('30', 'a native id with a lone surrogate has no address');
  let out = '';
  for (const byte of Buffer.from(nativeId, 'utf8')) {
    const char = String.fromCharCode(byte);
    out += BARE.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** The inverse of encodeLocal. Accepts hex digits of either case, since networks fold them. @throws HubError 30 */
export function decodeLocal(local: string): NativeId {
  const bytes: number[] = [];
  for (let at = 0; at < local.length; at++) {
    const char = local.charAt(at);
    if (BARE.test(char)) {
      bytes.push(char.charCodeAt(0));
    } else {
      const hex = local.slice(at + 1, at + 3);
      if (char !== '%' || !/^[0-9a-fA-F]{2}$/.test(hex))
        throw new HubError('30', 'not a percent-encoded local part');
      bytes.push(Number.parseInt(hex, 16));
      at += 2;
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch (cause) {
    throw new HubError('30', 'the local part is not UTF-8', { cause });
  }
}

export function addressOf(net: Network, nativeId: NativeId): Address {
  return `im:${encodeLocal(nativeId)}@${net}` as Address;
}

export interface AddressParts {
  network: Network;
  /** Encoded, canonical form. */
  local: string;
  native: NativeId;
}

/** Splits and validates an address. @throws HubError 30 */
export function parseAddress(address: string): AddressParts {
  const match = ADDRESS_PATTERN.exec(address);
  if (!match?.[1] || !match[2] || address.length > MAX_ADDRESS) {
    throw new HubError('30', 'not an address: expected im:<percent-encoded native id>@<network>');
  }
  return { network: match[2] as Network, local: match[1], native: decodeLocal(match[1]) };
}

/** The network of an address that was validated before; not validated again, since this runs for every event. */
export function networkOf(address: Address): Network {
  return address.slice(address.lastIndexOf('@') + 1) as Network;
}

/** The native id inside an address that was validated before. */
export function nativeOf(address: Address): NativeId {
  return decodeLocal(address.slice(3, address.lastIndexOf('@')));
}
