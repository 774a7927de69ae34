/** Values of SIP headers: addresses, parameters, Via (RFC 3261 §20 and §25). */
import { NotSip } from './sip-message.js';

export type Parameters = Record<string, string>;

export interface Address {
  display: string;
  uri: string;
  parameters: Parameters;
}

export interface Via {
  transport: string;
  host: string;
  port: number;
  parameters: Parameters;
}

/** `"Alice" <sip:alice@example.org>;tag=1`, or without brackets. @throws NotSip */
export function addressIn(value: string): Address {
  const bracketed = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>(.*)$/s.exec(value);
  if (bracketed)
    return {
      display: (bracketed[1]?.replace(/\\(.)/g, '$1') ?? bracketed[2] ?? '').trim(),
      uri: bracketed[3] ?? '',
      parameters: parametersIn(bracketed[4] ?? ''),
    };
  // Without brackets, parameters are those of the header, not of the address (§20.10).
  const [uri = '', ...rest] = value.trim().split(';');
  if (!/^[a-z][a-z0-9+.-]*:/i.test(uri)) throw new NotSip(`${value} is no address`);
  return { display: '', uri: uri.trim(), parameters: parametersIn(`;${rest.join(';')}`) };
}

export function writeAddress(uri: string, display = '', parameters: Parameters = {}): string {
  const name = display === '' ? '' : `"${display.replace(/["\\]/g, '\\$&')}" `;
  const rest = Object.entries(parameters).map(([key, value]) => `;${key}=${value}`);
  return `${name}<${uri}>${rest.join('')}`;
}

/** `;a=1;b` */
export function parametersIn(text: string): Parameters {
  const found: Parameters = {};
  for (const [, name, quoted, plain] of text.matchAll(/;\s*([^=;\s]+)(?:\s*=\s*(?:"([^"]*)"|([^;\s]*)))?/g))
    if (name !== undefined) found[name.toLowerCase()] = quoted ?? plain ?? '';
  return found;
}

/** User part of a SIP address without escapes, or the number of a tel address. */
export function userIn(uri: string): string | undefined {
  const tel = /^tel:([^;]+)/i.exec(uri)?.[1];
  if (tel !== undefined) return tel;
  const user = /^sips?:([^@:;]+)(?:[:;][^@]*)?@/i.exec(uri)?.[1];
  try {
    return user === undefined ? undefined : decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** The first one of a Via header. @throws NotSip */
export function viaIn(value: string): Via {
  const [first = ''] = value.split(',');
  const match = /^SIP\s*\/\s*2\.0\s*\/\s*(\w+)\s+(\[[^\]]+\]|[^:;\s]+)\s*(?::\s*(\d+))?\s*(;.*)?$/is.exec(
    first.trim(),
  );
  if (!match) throw new NotSip(`${value} is no Via`);
  return {
    transport: (match[1] ?? '').toUpperCase(),
    host: match[2] ?? '',
    port: Number(match[3] ?? 5060),
    parameters: parametersIn(match[4] ?? ''),
  };
}

/** Values of a header that may have several in one line; commas within quotes and brackets do not count. */
export function listIn(value: string): string[] {
  return [...value.matchAll(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+/g)].map(([one]) => one.trim());
}
