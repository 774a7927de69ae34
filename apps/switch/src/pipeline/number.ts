/**
 * Who has a number, in this order: the network it was ported to; the addresses that the person linked, the preferred one
 * first; the network of its longest prefix; the network that sends SMS to it, if that is agreed. Otherwise nobody.
 */
import {
  addressOf,
  digitsOf,
  nativeOfNumber,
  networkOf,
  type Address,
  type DirectoryEntry,
  type E164,
  type Network,
  type ResolvedBy,
} from '#protocol';
import { isOpen, type RegistryIndex } from '../registry/registry-index.js';

export interface Resolved {
  address: Address;
  by: Exclude<ResolvedBy, 'domain'>;
}

export function addressOfNumber(
  number: E164,
  entry: DirectoryEntry | undefined,
  registry: RegistryIndex,
  { source, now }: { source: Network; now: Date },
): Resolved | undefined {
  const inNetwork = (network: Network) =>
    addressOf(network, nativeOfNumber(number, registry.members.get(network)?.capabilities));
  if (entry?.ported) {
    const { network, address } = entry.ported;
    return { address: address ?? inNetwork(network), by: 'ported' };
  }
  const preferred = preferredOf(entry?.links ?? [], registry, now);
  if (preferred) return { address: preferred, by: 'preferred' };
  const own = registry.networkOfNumber(digitsOf(number));
  if (own) return { address: inNetwork(own), by: 'own' };
  const sms = registry.smsNetworkOfNumber(digitsOf(number));
  if (sms && registry.agreements.of(source, sms, now)?.classes.includes('sms'))
    return { address: inNetwork(sms), by: 'sms' };
  return undefined;
}

/** Prefers the first address on an active network; else the first on an inactive one, so that the sender gets its reason code. Networks that left are skipped. */
function preferredOf(links: Address[], registry: RegistryIndex, now: Date): Address | undefined {
  const member = (address: Address) => registry.members.get(networkOf(address));
  return (
    links.find((address) => isOpen(member(address), now)) ??
    links.find((address) => member(address) !== undefined && member(address)?.status !== 'gone')
  );
}
