/** Network names that the hub uses itself. No member can have one of them. */
import { networkOf, type Network } from './address.js';
import type { Outcome } from './events.js';
import { TEL } from './telephone-numbers.js';

/** The certifier's test network. It has no adapter: the certifier reads messages to it from the stream in which they are stored. */
export const CERTIFY = 'certify' as Network;

/** The name under which the switch reports. No member has credentials for its subject, so no member can report in its name. */
export const HUB = 'hub' as Network;

const RESERVED: ReadonlySet<string> = new Set([HUB, TEL, CERTIFY]);

export function isReserved(network: Network): boolean {
  return RESERVED.has(network);
}

/** The network for developers who try the open interface: no subscribers are there. */
const FOR_DEVELOPERS: ReadonlySet<string> = new Set(['sandbox']);

/** Whether subscribers are shown this network as one where they can write to people. */
export function isOffered(network: Network): boolean {
  return !isReserved(network) && !FOR_DEVELOPERS.has(network);
}

/** Whether this reporter may publish this outcome: an adapter for events to its own network, the switch for any event. */
export function mayReport(outcome: Outcome, reporter: Network): boolean {
  return outcome.by === 'switch' ? reporter === HUB : reporter === networkOf(outcome.to);
}
