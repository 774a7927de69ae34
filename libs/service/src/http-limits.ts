/**
 * Limits of every HTTP server of the hub. Without them a client could exhaust a server with slow, silent or too many connections.
 */
import type { Server } from 'node:http';

export interface HttpLimits {
  /** Time limit for the headers of a request, ms. */
  headersMs: number;
  /** Time limit for the body of a request, ms. An upload may take longer, but has to advance in each such period. */
  bodyMs: number;
  /** An upload has to bring this many bytes in each period of `bodyMs`. */
  uploadBytes: number;
  /** An idle connection is kept open for the next request this long, ms. */
  keepAliveMs: number;
  /** A connection without traffic in either direction is closed after this time, ms. */
  silenceMs: number;
  /** How often connections are checked against these times, ms. */
  checkMs: number;
  /** Maximum number of open connections. Further ones are closed immediately. */
  connections: number;
  /** Maximum size of request line and headers, bytes. An address in a path has up to 60,000 bytes, percent-encoded. */
  headerBytes: number;
  /** A connection is closed after this number of requests. */
  requestsPerConnection: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersMs: 10_000,
  bodyMs: 30_000,
  uploadBytes: 32 * 1024,
  keepAliveMs: 65_000,
  silenceMs: 120_000,
  checkMs: 1000,
  connections: 1000,
  headerBytes: 16 * 1024,
  requestsPerConnection: 10_000,
};

/**
 * Options of `http.createServer`.
 * @param requestMs time limit of a whole request; above `bodyMs` for a server that takes uploads, which limits other bodies itself
 */
export function nodeHttpOptions(limits: HttpLimits = HTTP_LIMITS, requestMs = limits.bodyMs) {
  return {
    headersTimeout: limits.headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: limits.checkMs,
    maxHeaderSize: limits.headerBytes,
  };
}

/** Options of Fastify, as those above. `limitConnections` completes them. */
export function fastifyHttpOptions(limits: HttpLimits = HTTP_LIMITS, requestMs = limits.bodyMs) {
  return {
    requestTimeout: requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.silenceMs,
    maxRequestsPerSocket: limits.requestsPerConnection,
    http: nodeHttpOptions(limits, requestMs),
  };
}

/** Sets the limits that are properties of the server itself. */
export function limitConnections(server: Server, limits: HttpLimits = HTTP_LIMITS): void {
  server.maxConnections = limits.connections;
}
