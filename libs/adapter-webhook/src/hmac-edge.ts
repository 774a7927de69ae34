/** Callbacks in JSON whose whole body is covered by an HMAC in a header. */
import { createHmac, hash } from 'node:crypto';
import { HubError } from '#protocol';
import { JsonRefused, readSmallJson, secretsEqual, type JsonBounds } from '#service';
import { headerOf, jsonRefusal, type Edge } from './edge.js';

/** A callback whose signature is right. */
export interface SignedCallback {
  /** As it came, for the record of what cannot be read. */
  native: string;
  /** undefined: it is not JSON, or not within the bounds. */
  json: unknown;
}

export interface HmacEdge<Adapter> {
  header: string;
  encoding: 'base64' | 'hex';
  /** Default: SHA-256. */
  algorithm?: 'sha1' | 'sha256';
  /** Before the signature in the header. */
  prefix?: string;
  secretOf: (adapter: Adapter) => string;
  /** Bytes of a body. */
  maxBody: number;
  bounds: JsonBounds;
}

/** The signature covers the body and no time: a replay is the same callback again, which the ids in it tell. */
export function hmacEdge<Adapter>(options: HmacEdge<Adapter>): Edge<Adapter> {
  const { header, encoding, algorithm = 'sha256', prefix = '', secretOf, maxBody, bounds } = options;
  const length = hash(algorithm, '', encoding).length + prefix.length;
  return {
    maxBody,
    form(request) {
      if (headerOf(request, header).length !== length) throw new HubError('31', `no signature in ${header}`);
    },
    proof(request, body, { adapter }) {
      const signature = createHmac(algorithm, secretOf(adapter)).update(body).digest(encoding);
      if (!secretsEqual(headerOf(request, header), prefix + signature))
        throw new HubError('31', 'the callback has a wrong signature');
    },
    parse: (body) => readCallback(body, bounds),
    refusal: jsonRefusal,
  };
}

/** To refuse signed JSON that cannot be read would make the platform deliver it again: the adapter records it. */
export function readCallback(body: Buffer, bounds: JsonBounds): SignedCallback {
  const native = body.toString('utf8');
  try {
    return { native, json: readSmallJson(body, bounds) };
  } catch (error) {
    if (error instanceof JsonRefused) return { native, json: undefined };
    throw error;
  }
}
