/** What a sign-in knows about the browser. Pure. */
import type { FastifyRequest } from 'fastify';
import type { Visitor } from './sign-in.service.js';

export function visitorOf({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): Visitor {
  // Other characters than printable ones would be a way to forge lines of a log.
  return { ip, agent: (headers['user-agent'] ?? '').replaceAll(/[^\x20-\x7e]/g, '?') };
}

/** Whether the browser reaches the console over TLS, so that the cookie must not leave it otherwise. */
export function isSecure(
  { protocol }: Pick<FastifyRequest, 'protocol'>,
  consoleUrl: string | undefined,
): boolean {
  return protocol === 'https' || consoleUrl?.startsWith('https:') === true;
}
