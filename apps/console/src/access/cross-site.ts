/** Refuses requests that a page of another site makes with the session of a visitor. Pure. */
import type { FastifyRequest } from 'fastify';
import { secretsEqual } from '#service';
import { csrfTokenOf } from './session-cookie.js';

export interface SiteOfRequest {
  method: string;
  /** Headers `Origin`, `Sec-Fetch-Site` and `X-CSRF-Token`. */
  origin: string | undefined;
  fetchSite: string | undefined;
  csrf: string | undefined;
  /** Origin of the console, as the browser sees it. */
  own: string;
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** @returns why the request is refused; undefined: it is allowed */
export function crossSiteFault(request: SiteOfRequest, token: string): string | undefined {
  const foreign = foreignOrigin(request);
  if (foreign !== undefined) return foreign;
  if (READS.has(request.method)) return undefined;
  if (request.csrf === undefined) return 'X-CSRF-Token: send the csrfToken of GET /v1/me';
  if (!secretsEqual(request.csrf, csrfTokenOf(token)))
    return 'X-CSRF-Token: not that of this session; read GET /v1/me again';
  return undefined;
}

/** Browsers send `Origin` with every request that changes something, and with requests to other origins. */
export function foreignOrigin({ origin, fetchSite, own, method }: SiteOfRequest): string | undefined {
  if (origin !== undefined && origin !== own) return `Origin: this console is ${own}`;
  const isForeign = fetchSite === 'cross-site' || fetchSite === 'same-site';
  if (isForeign && !READS.has(method)) return 'Sec-Fetch-Site: only pages of this console may do this';
  return undefined;
}

/** @param consoleUrl address of the console in the settings; undefined: the address of the request */
export function siteOf(
  { method, headers, protocol, host }: Pick<FastifyRequest, 'method' | 'headers' | 'protocol' | 'host'>,
  consoleUrl: string | undefined,
): SiteOfRequest {
  const csrf = headers['x-csrf-token'];
  const fetchSite = headers['sec-fetch-site'];
  return {
    method,
    origin: headers.origin,
    fetchSite: Array.isArray(fetchSite) ? fetchSite[0] : fetchSite,
    csrf: Array.isArray(csrf) ? csrf[0] : csrf,
    own: consoleUrl === undefined ? `${protocol}://${host}` : new URL(consoleUrl).origin,
  };
}
