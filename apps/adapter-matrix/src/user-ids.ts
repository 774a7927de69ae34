/** User ids <-> addresses. A ghost is `@_hutong_<network>_<encoded local>:<server>`; `=` stands for `%`, as the spec advises. */
import {
  addressOf,
  addressOfGhost,
  canonicalAddress,
  ghostName,
  HubError,
  isDigestName,
  NETWORK_PATTERN,
  networkOf,
  type Address,
  type GhostNameRule,
  type Network,
  type Party,
} from '#protocol';

export const GHOST_PREFIX = '_hutong';
/** A whole user id has at most 255 bytes. */
const MAX_USER_ID = 255;

function rule(network: string, serverName: string): GhostNameRule {
  return { escape: '=', maxBytes: MAX_USER_ID - `@${GHOST_PREFIX}_${network}_:${serverName}`.length };
}

export function ghostUserId(
  address: Address,
  serverName: string,
): { userId: string; digest: string | undefined } {
  const network = networkOf(address);
  const { kind, name } = ghostName(address, rule(network, serverName));
  return {
    userId: `@${GHOST_PREFIX}_${network}_${name}:${serverName}`,
    digest: kind === 'digest' ? name : undefined,
  };
}

/** Whether the user is a ghost or the application service itself. Their events are never events of a person. */
export function isOurs(userId: string, serverName: string): boolean {
  return userId.startsWith(`@${GHOST_PREFIX}`) && userId.endsWith(`:${serverName}`);
}

/** @returns the digest when only memory can tell. Throws 14 for what is no ghost. */
export function addressOfGhostId(
  userId: string,
  serverName: string,
): { address: Address } | { digest: string } {
  const match = /^@_hutong_([^_]+)_(.+)$/.exec(userId.slice(0, -serverName.length - 1));
  const [, network = '', name = ''] = match ?? [];
  if (!isOurs(userId, serverName) || !NETWORK_PATTERN.test(network)) throw new HubError('14', 'not a ghost');
  if (isDigestName(name)) return { digest: name };
  try {
    return { address: addressOfGhost(name, rule(network, serverName), network as Network) };
  } catch (cause) {
    throw new HubError('14', 'not the name of a ghost', { cause });
  }
}

export function subscriberAddress(network: Network, userId: string): Address {
  return canonicalAddress(addressOf(network, userId), { ids: 'user-and-server' });
}

export function localpart(userId: string): string {
  return userId.slice(1, userId.indexOf(':'));
}

/** A person of this homeserver, as a party of an event; the kit knows how they are called. */
export function person(network: Network, userId: string): Party {
  return { address: subscriberAddress(network, userId) };
}
