/** What the open interface demands of a request: see `EdgeGuard` for the order. */
import { headerOf, jsonRefusal, type Edge, type EdgeRequest } from '#adapter-webhook';
import { HubError } from '#protocol';
import { readJson } from '#service';
import type { OpenAdapter } from './open.adapter.js';
import { Batch } from './open.schema.js';
import type { SignedHeaders } from './signature.js';

/** 100 events in one batch; one text of 100,000 characters is up to 300,000 bytes. */
const MAX_BATCH = 1024 * 1024;
/** An event has at most 60 values of its own. */
export const BATCH_BOUNDS = { depth: 16, values: 20_000 };

/** A signed request without a body. */
export const signedEdge: Edge<OpenAdapter> = {
  maxBody: 0,
  form: (request, { verifier }) => verifier.checkForm(signedHeaders(request)),
  proof: (request, body, { adapter, firstUse }) =>
    adapter.verifier.check(signedHeaders(request), request.method, request.url, body, firstUse),
  refusal: jsonRefusal,
};

/** @returns the events, each still unchecked */
export const eventsEdge: Edge<OpenAdapter> = {
  ...signedEdge,
  maxBody: MAX_BATCH,
  async parse(body): Promise<unknown[]> {
    const json = await readJson(body, BATCH_BOUNDS).catch((cause: unknown) => {
      throw new HubError('30', 'the body is not JSON, too deep, or has too many values', { cause });
    });
    const batch = Batch.safeParse(json);
    if (!batch.success) throw new HubError('30', 'expected { "events": [ ... ] } with 1 to 100 events');
    return batch.data.events;
  },
};

/** The hash of the content is signed in its place, so that the proof is complete before the content is read. */
export const uploadEdge: Edge<OpenAdapter> = {
  maxBody: 0,
  stream: true,
  form(request, { verifier }) {
    if (!/^[0-9a-f]{64}$/.test(contentHash(request)))
      throw new HubError('30', 'hutong-content-sha256: expected 64 hexadecimal digits');
    verifier.checkForm(signedHeaders(request));
  },
  proof: (request, _body, { adapter, firstUse }) =>
    adapter.verifier.check(
      signedHeaders(request),
      request.method,
      request.url,
      contentHash(request),
      firstUse,
    ),
  refusal: jsonRefusal,
};

export function contentHash(request: Pick<EdgeRequest, 'headers'>): string {
  return headerOf(request, 'hutong-content-sha256');
}

function signedHeaders(request: EdgeRequest): SignedHeaders {
  return {
    'hutong-timestamp': headerOf(request, 'hutong-timestamp'),
    'hutong-nonce': headerOf(request, 'hutong-nonce'),
    'hutong-signature': headerOf(request, 'hutong-signature'),
  };
}
