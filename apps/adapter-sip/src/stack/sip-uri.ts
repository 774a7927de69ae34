/** SIP and tel URIs, and the name-addr form in which headers have them (RFC 3261 §19.1, §20.10; RFC 3966). */
import { splitList } from './sip-message.js';

export interface SipUri {
  scheme: 'sip' | 'sips' | 'tel';
  /** Decoded. Of a tel URI: the number. undefined: the URI names a host only. */
  user: string | undefined;
  /** In lower case; IPv6 in brackets. Empty for tel. */
  host: string;
  port: number | undefined;
  /** Names in lower case. */
  params: ReadonlyMap<string, string>;
}

export interface NameAddr {
  display: string | undefined;
  uri: string;
  params: ReadonlyMap<string, string>;
}

const LONGEST = 2048;
const HOST_PORT = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9.])?)(?::(\d{1,5}))?$/i;
const USER = /^(?:[\w.!~*'()&=+$,;?/-]|%[0-9a-f]{2})+$/i;

/** @returns undefined for what is no URI of these schemes */
export function parseUri(text: string): SipUri | undefined {
  const [, scheme = '', rest = ''] = /^(sips?|tel):(.+)$/is.exec(text) ?? [];
  if (rest === '' || text.length > LONGEST || /[\s<>"]/.test(rest)) return undefined;
  if (scheme.toLowerCase() === 'tel') return parseTel(rest);
  // After the host an "@" is always escaped (§25.1).
  const at = rest.lastIndexOf('@');
  const user = at < 0 ? undefined : userIn(rest.slice(0, at));
  const place = rest.slice(at + 1);
  const [, authority = '', params = ''] = /^([^;?]*)([^?]*)/.exec(place) ?? [];
  const [, host, port] = HOST_PORT.exec(authority) ?? [];
  if (host === undefined || Number(port ?? 0) > 65_535) return undefined;
  if (at >= 0 && user === undefined) return undefined;
  return {
    scheme: scheme.toLowerCase() as 'sip' | 'sips',
    user,
    host: host.toLowerCase(),
    port: port === undefined ? undefined : Number(port),
    params: parseParams(params),
  };
}

function parseTel(rest: string): SipUri | undefined {
  const [number = '', ...params] = rest.split(';');
  const digits = number.replace(/[-.()]/g, '');
  if (!/^\+?[\d*#]{1,40}$/.test(digits)) return undefined;
  return { scheme: 'tel', user: digits, host: '', port: undefined, params: parseParams(params.join(';')) };
}

/** Without the password, which must not be there (§19.1.1). */
function userIn(text: string): string | undefined {
  const user = text.split(':', 1)[0] ?? '';
  if (!USER.test(user)) return undefined;
  try {
    return decodeURIComponent(user);
  } catch (error) {
    if ((error as Error).name === 'URIError') return undefined;
    throw error;
  }
}

/** Characters that the user part takes as they are (§25.1, without those that RFC 7247 §4 replaces). */
export function encodeUser(user: string): string {
  return encodeURIComponent(user).replace(/%2B/g, '+');
}

/** @param text `;name=value;flag`, values also in quotes */
export function parseParams(text: string): ReadonlyMap<string, string> {
  return new Map(
    splitList(text, ';').map((part) => {
      const [name = '', ...rest] = part.split('=');
      return [name.trim().toLowerCase(), unquoted(rest.join('=').trim())] as const;
    }),
  );
}

export function unquoted(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text;
}

export function quoted(text: string): string {
  return `"${text.replace(/[\r\n]+/g, ' ').replace(/["\\]/g, '\\$&')}"`;
}

/** `"Display" <uri>;tag=x`, or `uri;tag=x`, whose parameters belong to the header (§20). @returns undefined: neither */
export function parseNameAddr(text: string): NameAddr | undefined {
  const [, before, uri, after] = /^((?:"(?:\\.|[^"\\])*"|[^"<])*)<\s*([^<>]*?)\s*>(.*)$/s.exec(text) ?? [];
  if (uri !== undefined) {
    const display = unquoted((before ?? '').trim());
    if (!/^\s*(?:;.*)?$/s.test(after ?? '')) return undefined;
    return { display: display === '' ? undefined : display, uri, params: parseParams(after ?? '') };
  }
  const [, plain = '', params = ''] = /^\s*([^;\s<>"]+)\s*(;.*)?$/s.exec(text) ?? [];
  return plain === '' ? undefined : { display: undefined, uri: plain, params: parseParams(params) };
}

export function tagOf(nameAddr: string | undefined): string | undefined {
  return nameAddr === undefined ? undefined : parseNameAddr(nameAddr)?.params.get('tag');
}
