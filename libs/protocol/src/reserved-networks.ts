/** Names of networks that the hub itself speaks under; nobody is admitted under one. */
import { networkOf, type Network } from './address.js';
import type { Outcome } from './events.js';
import { TEL } from './telephone-numbers.js';

/** The certifier's test network. It has no adapter: what is said to it, the certifier reads where it was stored. */
export const CERTIFY = 'certify' as Network;

/** Under which the switch reports: no member's credentials reach that subject, so nobody can pretend to be it. */
export const HUB = 'hub' as Network;

const RESERVED: ReadonlySet<string> = new Set([HUB, TEL, CERTIFY]);

export function isReserved(network: Network): boolean {
  return RESERVED.has(network);
}

/** The network of developers who try the open interface: nobody's friends are there. */
const FOR_DEVELOPERS: ReadonlySet<string> = new Set(['sandbox']);

/** Is the network one that people may be told of, as one where they can write to somebody? */
export function isOffered(network: Network): boolean {
  return !isReserved(network) && !FOR_DEVELOPERS.has(network);
}

/** An adapter reports on what was addressed to its own network, the switch on anything; neither in the other's name. */
export function mayReport(outcome: Outcome, reporter: Network): boolean {
  return outcome.stage === 'switch' ? reporter === HUB : reporter === networkOf(outcome.to);
}
