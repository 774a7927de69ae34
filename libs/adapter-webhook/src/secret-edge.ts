/** Callbacks that prove themselves with a secret in a header, which we gave to the platform. */
import { HubError } from '#protocol';
import { secretsEqual, type JsonBounds } from '#service';
import { headerOf, jsonRefusal, type Edge } from './edge.js';
import { readCallback } from './hmac-edge.js';

export interface SecretEdge<Adapter> {
  header: string;
  /** undefined: the adapter takes no callbacks, and every one is refused. */
  secretOf: (adapter: Adapter) => string | undefined;
  /** Bytes of a body. */
  maxBody: number;
  bounds: JsonBounds;
}

/** The secret covers neither body nor time: a replay is the same callback again, which the ids in it tell. */
export function secretEdge<Adapter>({
  header,
  secretOf,
  maxBody,
  bounds,
}: SecretEdge<Adapter>): Edge<Adapter> {
  return {
    maxBody,
    form(request, adapter) {
      const secret = secretOf(adapter);
      if (secret === undefined || !secretsEqual(headerOf(request, header), secret))
        throw new HubError('31', `no secret, or a wrong one, in ${header}`);
    },
    proof: () => undefined,
    parse: (body) => readCallback(body, bounds),
    refusal: jsonRefusal,
  };
}
