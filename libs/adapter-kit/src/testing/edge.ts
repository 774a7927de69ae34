/** What an adapter tells the test of all routes (apps/standalone/src/edges.spec.ts), in its `src/testing/edges.ts`. */
import type { Type } from '@nestjs/common';
import { pino } from 'pino';
import type { AnyAdapter } from '../adapter.contract.js';

export interface EdgeProof {
  query?: string;
  headers?: Record<string, string>;
}

export interface EdgeProver {
  /** A proof for a request. @param about unset key: the right one. `ago`: its age, s */
  (method: string, path: string, body: string, about?: { key?: string; ago?: number }): EdgeProof;
}

/** One kind of HTTP edge: how a stranger, and how the platform, asks. */
export interface Edge {
  adapter: AnyAdapter;
  controllers: Type[];
  prove: EdgeProver;
  /** A body for each route that takes one. */
  bodies: Record<string, string>;
  /** What stands for each parameter of a path. Default: x */
  parameter?: string;
  /** The proof covers no time: it is a token, or covers the body alone. */
  timeless?: 'token' | 'body';
  /** Header of a token, if another than `authorization`. */
  token?: string;
}

/** What an adapter exports as `edges`: by the name of the kind, which no other adapter has. */
export type Edges = Record<string, Edge>;

export const EDGE_SECRET = 'a secret of at least thirty-two characters';
export const EDGE_NONCE = 'nonce-12345678';
export const edgeLog = pino({ level: 'silent' });

/** @param ago s. @returns seconds since 1970 */
export function edgeSeconds(ago = 0): string {
  return String(Math.floor(Date.now() / 1000) - ago);
}

export function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}
