/** Names of networks that the hub itself speaks under; nobody is admitted under one. */
import type { Network } from './address.js';
import { TEL } from './numbers.js';

/** The certifier's test network. It has no adapter: what is said to it, the certifier reads where it was stored. */
export const CERTIFY = 'certify' as Network;

const RESERVED: ReadonlySet<string> = new Set([TEL, CERTIFY]);

export function isReserved(network: Network): boolean {
  return RESERVED.has(network);
}
