/**
 * SIP and tel URIs <-> addresses (RFC 7247 §4, §5). A ghost is `sip:<local part>@<network>.<domain>`: the local part of an
 * address is percent-encoded by the same rule as the user of a URI, so the mapping is exact both ways.
 */
import {
  addressOf,
  E164,
  ghostName,
  HubError,
  isDigestName,
  NETWORK_PATTERN,
  networkOf,
  TEL,
  telAddress,
  type Address,
  type GhostNameRule,
  type Network,
} from '#protocol';
import { encodeUser, parseUri, type SipUri } from './stack/sip-uri.js';

/** Phones keep a whole address of record in a few hundred bytes. */
const RULE: GhostNameRule = { escape: '%', maxBytes: 200 };

const NUMBER = /^\+\d+$/;

export type Addressee =
  | { kind: 'own'; native: string }
  | { kind: 'remote'; address: Address }
  | { kind: 'digest'; digest: string }
  | { kind: 'server' };

export class Uris {
  constructor(
    readonly network: Network,
    readonly domain: string,
    /** Domain of telephone numbers that are reached through the trunk. */
    private readonly trunkDomain: string | undefined,
    /** Name or address of this server: a trunk sends calls of our numbers there. */
    private readonly publicHost?: string,
  ) {}

  /** Whom a request is for. @throws HubError 14 for a URI that stands for nobody here */
  addressee(text: string): Addressee {
    const uri = parseUri(text);
    if (!uri) throw new HubError('14', 'not a SIP or tel URI');
    const number = numberIn(uri);
    const isHere = uri.scheme === 'tel' || uri.host === this.domain || uri.host === this.publicHost;
    if (number !== undefined && isHere) return { kind: 'remote', address: number };
    if (uri.host === this.domain)
      return uri.user === undefined ? { kind: 'server' } : { kind: 'own', native: uri.user.toLowerCase() };
    return this.remote(uri);
  }

  /** The native id of who sent a request: `ann`, `+8613800138000`, or `bob@elsewhere.example` from the trunk. */
  nativeOf(uri: SipUri): string {
    const user = (uri.user ?? '').toLowerCase();
    if (uri.host === this.domain || uri.scheme === 'tel') return user;
    return uri.host === this.trunkDomain && NUMBER.test(user) ? user : `${user}@${uri.host}`;
  }

  /** The URI of one of our people, as others see it. */
  own(native: string): string {
    if (NUMBER.test(native) && this.trunkDomain !== undefined)
      return `sip:${native}@${this.trunkDomain};user=phone`;
    const at = native.lastIndexOf('@');
    if (at < 0) return `sip:${encodeUser(native)}@${this.domain}`;
    return `sip:${encodeUser(native.slice(0, at))}@${native.slice(at + 1)}`;
  }

  ownAddress(native: string): Address {
    return addressOf(this.network, native);
  }

  /** Whether somebody is reached through the trunk: a number, or a person of another domain. */
  isAbroad(native: string): boolean {
    return native.includes('@') || NUMBER.test(native);
  }

  /** @returns the digest, if the address must be remembered because the name alone does not give it back */
  ghost(address: Address): { uri: string; digest: string | undefined } {
    const { kind, name } = ghostName(address, RULE);
    const uri = `sip:${name}@${networkOf(address)}.${this.domain}`;
    return { uri, digest: kind === 'digest' ? name : undefined };
  }

  private remote({ user, host }: SipUri): Addressee {
    const slug = host.endsWith(`.${this.domain}`) ? host.slice(0, -this.domain.length - 1) : '';
    if (!NETWORK_PATTERN.test(slug) || user === undefined)
      throw new HubError('14', 'nobody of this network, and no person on another network');
    const network = slug as Network;
    if (isDigestName(user)) return { kind: 'digest', digest: user };
    if (network === TEL && E164.safeParse(user).success)
      return { kind: 'remote', address: telAddress(user as E164) };
    return { kind: 'remote', address: addressOf(network, user) };
  }
}

/** A number in international form: of a tel URI, of `user=phone`, or dialled with a plus (RFC 3261 §19.1.6). */
function numberIn({ scheme, user, params }: SipUri): Address | undefined {
  const number = (user ?? '').split(';')[0]?.replace(/[-.()]/g, '') ?? '';
  if (E164.safeParse(number).success) return telAddress(number as E164);
  const isNumber = scheme === 'tel' || params.get('user')?.toLowerCase() === 'phone';
  return isNumber && /^\d{4,20}$/.test(number) ? addressOf(TEL, number) : undefined;
}
