/**
 * Who has a number, in this order: the network it was ported to; the addresses that the person linked, the preferred one
 * first; the network of its longest prefix; the network that sends SMS to it, or for a call the one that rings its telephone, if
 * that is agreed. Otherwise nobody.
 */
import {
  addressOf,
  contentKind,
  digitsOf,
  mayReach,
  nativeOfNumber,
  networkOf,
  type Address,
  type DirectoryEntry,
  type E164,
  type HubEvent,
  type Network,
  type ResolvedBy,
} from '#protocol';
import { isOpen, type RegistryIndex } from '../registry/registry-index.js';
import type { StepContext } from './step.js';

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
  return asking.isCall ? byTelephone(number, registry, asking) : asSms(number, registry, asking);
}

function byTelephone(number: E164, registry: RegistryIndex, { source, now }: Asking): Resolved | undefined {
  const voice = registry.voiceNetworkOfNumber(digitsOf(number));
  if (!voice || !registry.agreements.of(source, voice, now)?.classes.includes('call')) return undefined;
  return { address: inNetwork(number, voice, registry), by: 'voice' };
}

/**
 * Where a new message goes as SMS if the network of its number does not take it, and the operator of that network wants that.
 * Changes of a message stay with the network that has the message. A block holds for SMS, too.
 * @param found what `addressOfNumber` found. @returns undefined: nothing but that network is to be tried
 */
export function smsInstead(
  found: Resolved,
  event: HubEvent,
  number: E164,
  { registry, consents, absences, source, now }: StepContext,
): Resolved | undefined {
  const network = networkOf(found.address);
  if (registry.members.get(network)?.standIn?.numberFallback !== 'sms' || !isNew(event)) return undefined;
  const sender = event.data.from.address;
  const consent = consents.get(registry.canonical.orSame(found.address));
  if (!mayReach(consent, sender) || registry.isBlocked(sender, network)) return undefined;
  const sms = asSms(number, registry, { source, now });
  return sms && networkOf(sms.address) !== network && !absences.of(networkOf(sms.address)) ? sms : undefined;
}

function isNew(event: HubEvent): boolean {
  return event.type === 'im.hutong.message.v1' && contentKind(event.data.content) === 'new';
}

function asSms(number: E164, registry: RegistryIndex, { source, now }: Asking): Resolved | undefined {
  const sms = registry.smsNetworkOfNumber(digitsOf(number));
  if (!sms || !registry.agreements.of(source, sms, now)?.classes.includes('sms')) return undefined;
  return { address: inNetwork(number, sms, registry), by: 'sms' };
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
