/** Which addresses a webhook may have. Names are resolved and checked again at each attempt (`publicLookup`). */
import { isIP } from 'node:net';
import { isPublic } from '#service/public-address';

export interface Target {
  url: URL;
  /** A host of WEBHOOK_PRIVATE_HOSTS, whose addresses are not checked. */
  isPrivate: boolean;
}

/** @param privateHosts with their ports, if these are not the usual ones. @returns the fault in words if it is not allowed */
export function targetOf(address: string, privateHosts: readonly string[]): Target | { fault: string } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['https:', 'http:'].includes(url.protocol)) return { fault: 'expected an address with https' };
  if (url.username !== '' || url.password !== '') return { fault: 'user and password are not allowed' };
  if (url.hash !== '') return { fault: 'a fragment is not sent to a server' };
  const isPrivate = privateHosts.includes(url.host.toLowerCase());
  if (isPrivate) return { url, isPrivate };
  if (url.protocol !== 'https:') return { fault: 'expected https' };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublic(host)) return { fault: `${host} is inside a private network` };
  return { url, isPrivate };
}
