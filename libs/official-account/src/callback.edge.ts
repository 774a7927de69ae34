/** The checks of requests to the callback address of an account; see `EdgeGuard` for their order. */
import { createHash } from 'node:crypto';
import { parameterOf, SMALL_BODY, textRefusal, type Edge, type EdgeRequest } from '#adapter-webhook';
import {
  answerCheck,
  bindCallback,
  checkCallbackForm,
  openEnvelope,
  proveCallback,
  type CallbackQuery,
  type CallbackSecrets,
  type Envelope,
} from './callback.js';

/** An adapter whose platform calls it as the WeChat family does. */
export interface CallbackTaking {
  readonly secrets: CallbackSecrets;
  /** Type of the answers, if it is not XML. */
  readonly answerType?: string;
  /** @returns the body of the HTTP answer */
  callback(envelope: Envelope): Promise<string>;
}

export const callbackEdge: Edge<CallbackTaking> = {
  maxBody: SMALL_BODY,
  form: (request) => checkCallbackForm(queryOf(request)),
  async proof(request, body, { adapter, firstUse }) {
    await bindCallback(proveCallback(queryOf(request), body, adapter.secrets), firstUse);
  },
  /** Never refuses a signed body: the adapter records what it cannot parse as a dead letter. */
  parse: (body, request, { secrets }): Envelope =>
    openEnvelope(proveCallback(queryOf(request), body, secrets), body, secrets),
  refusal: textRefusal,
};

/** The platform's check of the address. In plain mode its signature is bound to the text that the response repeats. */
export const checkEdge: Edge<CallbackTaking> = {
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
