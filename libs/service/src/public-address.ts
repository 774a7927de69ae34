/**
 * Guard of requests to addresses that others name (server-side request forgery): only public IP addresses are connected to. Not part of
 * the index, because few processes need it.
 */
import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether the IP address is public: not of this machine, a private network, a cloud's metadata service or a multicast group. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/**
 * Resolves names for a connection, and refuses a name with any address that is not public. The connection uses the checked addresses,
 * so that a name cannot change between check and use. Node does not call it for a host that is an IP address: check that with `isPublic`.
 */
export function publicLookup(refused: (host: string) => Error): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '');
      if (addresses.some(({ address }) => !isPublic(address))) return done(refused(host), '');
      const [first] = addresses as [LookupAddress, ...LookupAddress[]];
      if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
