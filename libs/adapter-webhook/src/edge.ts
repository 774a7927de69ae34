/**
 * What a route of an adapter demands of a request before anything of it is parsed. Every route declares one: an adapter
 * with a route that does not refuses to start. `EdgeGuard` fixes the order: form and time of the proof, size, the
 * signature over the bytes as they came, and only then parsing.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { FirstUse } from '#adapter-kit';
import { RESULTS, type HubError } from '#protocol';

/** Bodies of platforms whose callbacks carry one message: the largest documented ones are below 10 kB. */
export const SMALL_BODY = 64 * 1024;

export interface EdgeRequest {
  method: string;
  /** Path and query as in the request line. */
  url: string;
  query: Record<string, unknown>;
  headers: IncomingHttpHeaders;
}

/** The body of an HTTP answer that refuses a request. */
export interface Refusal {
  status: number;
  contentType: string;
  body: string;
}

export interface EdgeTools<Adapter> {
  adapter: Adapter;
  firstUse: Pick<FirstUse, 'claim'>;
}

export interface Edge<Adapter> {
  /** Most bytes of a body; 0: the route takes none. A stream is limited by whoever reads it. */
  maxBody: number;
  /** The body goes to the controller as a stream; `proof` then gets no bytes, and a header must cover the content. */
  stream?: boolean;
  /** Presence, form and time of the proof, before the body is read. @throws HubError 31 */
  form(request: EdgeRequest, adapter: Adapter): void;
  /** The signature, over the bytes as they came. @throws HubError 31, or 91 while the bus is away */
  proof(request: EdgeRequest, body: Buffer, tools: EdgeTools<Adapter>): Promise<void> | void;
  /** What the controller gets as its body; runs for proven requests only. @throws HubError */
  parse?(body: Buffer, request: EdgeRequest, adapter: Adapter): unknown;
  /** How this network expects an error: also one that the controller throws. */
  refusal: (error: HubError) => Refusal;
}

/** Declared by routes that anybody may ask: they take no body and reveal nothing about anybody. */
export const OPEN_TO_ALL = 'open-to-all';

interface EdgeConfig {
  edge?: Edge<unknown> | typeof OPEN_TO_ALL;
}

/** @throws Error for a route that has none: its guard cannot have been called */
export function edgeOf(request: FastifyRequest): Edge<unknown> {
  const { edge } = request.routeOptions.config as EdgeConfig;
  if (edge === undefined || edge === OPEN_TO_ALL) throw new Error('the route declares no proof');
  return edge;
}

/** The edge of a route whose proof depends on the settings: that of the dialect which the adapter speaks. */
export function edgeThrough<Adapter>(
  maxBody: number,
  dialectOf: (adapter: Adapter) => { edge: Edge<unknown> },
): Edge<Adapter> {
  return {
    maxBody,
    form: (request, adapter) => dialectOf(adapter).edge.form(request, undefined),
    proof: (request, body, { adapter, firstUse }) =>
      dialectOf(adapter).edge.proof(request, body, { adapter: undefined, firstUse }),
    parse: (body, request, adapter) => dialectOf(adapter).edge.parse?.(body, request, undefined),
    refusal: textRefusal,
  };
}

/** One text for every failed proof: which of the checks failed stands in our log alone. */
export const UNPROVEN =
  'the request is not proven: check the key, what the signature covers, your clock (at most 300 s off), and sign again';

export function publicDetail(error: HubError): string {
  if (error.code === '31') return UNPROVEN;
  return error.code === '96' ? RESULTS['96'].name : error.detail;
}

export function jsonRefusal(error: HubError): Refusal {
  const { name: title, http: status } = RESULTS[error.code];
  const body = JSON.stringify({ code: error.code, title, detail: publicDetail(error) });
  return { status, contentType: 'application/json; charset=utf-8', body };
}

/** For platforms that read the status of an answer and nothing else. */
export function textRefusal({ code }: HubError): Refusal {
  const { name, http } = RESULTS[code];
  return { status: http, contentType: 'text/plain; charset=utf-8', body: `${code} ${name}` };
}

/** A header that comes once; several of one name count as none. */
export function headerOf({ headers }: Pick<EdgeRequest, 'headers'>, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

/** A parameter that comes once; several of one name count as none. */
export function parameterOf({ query }: Pick<EdgeRequest, 'query'>, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' ? value : undefined;
}
