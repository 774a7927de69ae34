/** What the callback address of an account demands of a request: see `EdgeGuard` for the order. */
import { createHash } from 'node:crypto';
import { parameterOf, SMALL_BODY, textRefusal, type Edge, type EdgeRequest } from '#adapter-webhook';
import {
  answerCheck,
  bindCallback,
  checkCallbackForm,
  openEnvelope,
  proveCallback,
  type CallbackQuery,
  type Envelope,
} from './callback.js';
import type { OfficialAccountAdapter } from './official-account.adapter.js';

export const callbackEdge: Edge<OfficialAccountAdapter> = {
  maxBody: SMALL_BODY,
  form: (request) => checkCallbackForm(queryOf(request)),
  async proof(request, body, { adapter, firstUse }) {
    await bindCallback(proveCallback(queryOf(request), body, adapter.secrets), firstUse);
  },
  /** Whatever is in it is taken: what the platform signed and nobody can read is for the adapter to record, not to refuse. */
  parse: (body, request, { secrets }): Envelope =>
    openEnvelope(proveCallback(queryOf(request), body, secrets), body, secrets),
  refusal: textRefusal,
};

/** The platform's check of the address: in plain mode its signature is bound to the text that comes back. */
export const checkEdge: Edge<OfficialAccountAdapter> = {
  maxBody: 0,
  form: (request) => checkCallbackForm(queryOf(request)),
  async proof(request, _body, { adapter, firstUse }) {
    const query = queryOf(request);
    answerCheck(query, adapter.secrets);
    const text = createHash('sha256')
      .update(query.echostr ?? '')
      .digest('base64url');
    const [proof, content] = [`${query.timestamp} ${query.nonce}`, `check ${text}`];
    await bindCallback({ sealed: undefined, proof, content }, firstUse);
  },
  refusal: textRefusal,
};

export function queryOf(request: Pick<EdgeRequest, 'query'>): CallbackQuery {
  const one = (name: string) => parameterOf(request, name);
  return {
    signature: one('signature'),
    msg_signature: one('msg_signature'),
    timestamp: one('timestamp'),
    nonce: one('nonce'),
    echostr: one('echostr'),
  };
}
