/** JIDs <-> addresses. A ghost is `<encoded local>@<network>.<component domain>`; the mapping is exact both ways. */
import {
  addressOf,
  addressOfGhost,
  canonicalAddress,
  encodeLocal,
  ghostName,
  HubError,
  isDigestName,
  NETWORK_PATTERN,
  networkOf,
  type Address,
  type GhostNameRule,
  type Network,
} from '#protocol';

export interface Jid {
  local: string | undefined;
  domain: string;
  resource: string | undefined;
}

/** Bytes of a localpart (RFC 7622 §3.3). */
const RULE: GhostNameRule = { escape: '%', maxBytes: 1023 };

/** Throws 30 on what cannot be a JID. */
export function parseJid(text: string): Jid {
  const [bare = '', ...rest] = text.split('/');
  const at = bare.indexOf('@');
  const domain = bare.slice(at + 1);
  if (domain === '' || at === 0 || text.length > 3072) throw new HubError('30', 'not a JID');
  return {
    local: at > 0 ? bare.slice(0, at) : undefined,
    domain,
    resource: rest.length > 0 ? rest.join('/') : undefined,
  };
}

export function bareJid(text: string): string {
  return text.split('/', 1)[0] ?? text;
}

/** @throws HubError 30 for what cannot be a JID */
export function subscriberAddress(network: Network, jid: string): Address {
  return canonicalAddress(addressOf(network, bareJid(jid)), { ids: 'jid' });
}

export function networkDomain(network: Network, componentDomain: string): string {
  return `${network}.${componentDomain}`;
}

/** The remote network to which one of our component domains belongs. */
export function networkOfDomain(domain: string, componentDomain: string): Network | undefined {
  if (!domain.endsWith(`.${componentDomain}`)) return undefined;
  const slug = domain.slice(0, -componentDomain.length - 1);
  return NETWORK_PATTERN.test(slug) ? (slug as Network) : undefined;
}

/** The ghost's JID; `digest` is set when it must be remembered, since the name alone does not give the address back. */
export function ghostJid(
  address: Address,
  componentDomain: string,
): { jid: string; digest: string | undefined } {
  const { kind, name } = ghostName(address, RULE);
  return {
    jid: `${name}@${networkDomain(networkOf(address), componentDomain)}`,
    digest: kind === 'digest' ? name : undefined,
  };
}

/** @returns the digest if the original has to be looked up. @throws HubError 14 for a JID that stands for no person */
export function addressOfGhostJid(
  jid: string,
  componentDomain: string,
): { address: Address } | { digest: string } {
  const { local, domain } = parseJid(jid);
  const network = networkOfDomain(domain, componentDomain);
  if (network === undefined || local === undefined)
    throw new HubError('14', 'not a person on another network');
  if (isDigestName(local)) return { digest: local };
  // People also type native ids: with XEP-0106 escapes (\40), or bare. Ours never hold a backslash or a bare letter that needs encoding.
  if (local.includes('\\')) return { address: addressOf(network, unescapeLocal(local)) };
  if (/^(?:[a-z0-9._-]|%[0-9a-f]{2})+$/i.test(local))
    return { address: addressOfGhost(local.toLowerCase(), RULE, network) };
  return { address: `im:${encodeLocal(local)}@${network}` as Address };
}

const ESCAPED = new Map([
  ['20', ' '],
  ['22', '"'],
  ['26', '&'],
  ['27', "'"],
  ['2f', '/'],
  ['3a', ':'],
  ['3c', '<'],
  ['3e', '>'],
  ['40', '@'],
  ['5c', '\\'],
]);

/** XEP-0106 §4: the ten escapes, anything else stands for itself. */
export function unescapeLocal(local: string): string {
  return local.replaceAll(
    /\\([0-9a-f]{2})/gi,
    (whole, hex: string) => ESCAPED.get(hex.toLowerCase()) ?? whole,
  );
}
