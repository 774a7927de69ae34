/**
 * Limits of every HTTP server of the hub against clients that are slow, silent or too many. A server that is made without
 * them is one that a stranger can occupy.
 */
import type { Server } from 'node:http';

export interface HttpLimits {
  /** A request whose headers are not complete after this time is cut, ms. */
  headersMs: number;
  /** A request whose body is not complete after this time is cut, ms. */
  bodyMs: number;
  /** An idle connection is kept open for the next request this long, ms. */
  keepAliveMs: number;
  /** A connection on which nothing moves in either direction is closed after this time, ms. */
  silenceMs: number;
  /** How often connections are checked against these times, ms. */
  checkMs: number;
  /** Connections at once; one more is closed at once. */
  connections: number;
  /** Bytes of the request line and all headers. An address in a path is up to 60,000 bytes, percent-encoded. */
  headerBytes: number;
  /** Requests on one connection; after that it is closed. */
  requestsPerConnection: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersMs: 10_000,
  bodyMs: 30_000,
  keepAliveMs: 65_000,
  silenceMs: 120_000,
  checkMs: 1000,
  connections: 1000,
  headerBytes: 16 * 1024,
  requestsPerConnection: 10_000,
};

/** Options of `http.createServer`. */
export function nodeHttpOptions(limits: HttpLimits = HTTP_LIMITS) {
  return {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.bodyMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkMs,
    maxHeaderSize: limits.headerBytes,
  };
}

/** Options of Fastify. `limitConnections` completes them. */
export function fastifyHttpOptions(limits: HttpLimits = HTTP_LIMITS) {
  return {
    requestTimeout: limits.bodyMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.silenceMs,
    maxRequestsPerSocket: limits.requestsPerConnection,
    http: nodeHttpOptions(limits),
  };
}

/** What can only be set at the server itself. */
export function limitConnections(server: Server, limits: HttpLimits = HTTP_LIMITS): void {
  server.maxConnections = limits.connections;
}
