/**
 * Who has a number, in this order: the network it was ported to; the addresses that the person linked, the preferred one
 * first; the network of its longest prefix; the network that sends SMS to it, or for a call the one that rings its telephone, if
 * that is agreed. Otherwise nobody.
 */
import {
  addressOf,
  digitsOf,
  nativeOfNumber,
  networkOf,
  type Address,
  type DirectoryEntry,
  type E164,
  type LadderStep,
  type Network,
  type ResolvedBy,
  type TrafficClass,
} from '#protocol';
import { isOpen, type RegistryIndex } from '../registry/registry-index.js';

export interface Resolved {
  address: Address;
  by: Exclude<ResolvedBy, 'domain'>;
}

/** By whom, when, and whether a number is called or written to. */
export interface Asking {
  source: Network;
  now: Date;
  isCall?: boolean;
}

export function addressOfNumber(
  number: E164,
  entry: DirectoryEntry | undefined,
  registry: RegistryIndex,
  asking: Asking,
): Resolved | undefined {
  if (entry?.ported) {
    const { network, address } = entry.ported;
    return { address: address ?? inNetwork(number, network, registry), by: 'ported' };
  }
  const preferred = preferredOf(entry?.links ?? [], registry, asking.now);
  if (preferred) return { address: preferred, by: 'preferred' };
  const own = registry.networkOfNumber(digitsOf(number));
  if (own) return { address: inNetwork(number, own, registry), by: 'own' };
  return addressBy(asking.isCall ? 'voice' : 'sms', number, registry, asking);
}

/** Which class of traffic the two networks must have agreed on. */
const CLASS_OF: Record<LadderStep, TrafficClass> = { rcs: 'message', sms: 'sms', voice: 'call' };

/** @returns undefined: no network has such a route to the number, or it has no agreement with the sender's network */
export function addressBy(
  by: LadderStep,
  number: E164,
  registry: RegistryIndex,
  { source, now }: Asking,
): Resolved | undefined {
  const network = registry.networkBy(by, digitsOf(number));
  if (!network || !registry.agreements.of(source, network, now)?.classes.includes(CLASS_OF[by]))
    return undefined;
  return { address: inNetwork(number, network, registry), by };
}

function inNetwork(number: E164, network: Network, registry: RegistryIndex): Address {
  return addressOf(network, nativeOfNumber(number, registry.members.get(network)?.capabilities));
}

/** Prefers the first address on an active network; else the first on an inactive one, so that the sender gets its reason code. Networks that left are skipped. */
function preferredOf(links: Address[], registry: RegistryIndex, now: Date): Address | undefined {
  const member = (address: Address) => registry.members.get(networkOf(address));
  return (
    links.find((address) => isOpen(member(address), now)) ??
    links.find((address) => member(address) !== undefined && member(address)?.status !== 'gone')
  );
}
