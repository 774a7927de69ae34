/** The Via header (RFC 3261 §20.42; rport: RFC 3581). */
import { parseParams } from './sip-uri.js';

export interface Via {
  transport: string;
  /** host or host:port, in lower case. */
  sentBy: string;
  host: string;
  port: number | undefined;
  params: ReadonlyMap<string, string>;
}

export const BRANCH_COOKIE = 'z9hG4bK';
const VIA =
  /^SIP\s*\/\s*2\.0\s*\/\s*([\w.-]{1,20})\s+(\[[^\]]{2,60}\]|[\w.-]{1,255})\s*(?::\s*(\d{1,5}))?\s*(;.*)?$/is;

export function parseVia(text: string): Via | undefined {
  const [, transport, host, port, params = ''] = VIA.exec(text) ?? [];
  if (transport === undefined || host === undefined || Number(port ?? 0) > 65_535) return undefined;
  return {
    transport: transport.toUpperCase(),
    host: host.toLowerCase(),
    port: port === undefined ? undefined : Number(port),
    sentBy: `${host.toLowerCase()}${port === undefined ? '' : `:${port}`}`,
    params: parseParams(params),
  };
}

/** The topmost Via as the next hop returns it: with the address that the request really came from. */
export function receivedFrom(via: string, remote: { address: string; port: number }): string {
  const parsed = parseVia(via);
  if (!parsed) return via;
  const bare = via.replace(/;\s*(?:received|rport)\s*(?:=\s*[^;]*)?/gi, '').trim();
  const rport = parsed.params.has('rport') ? `;rport=${remote.port}` : '';
  return `${bare};received=${remote.address}${rport}`;
}
