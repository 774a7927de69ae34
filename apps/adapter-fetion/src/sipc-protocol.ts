/** SIP-C for the shared session: which frames are requests, and which response belongs to which request. Pure. */
import type { SessionProtocol } from '#adapter-session';
import { header, sipcCodec, type Frame, type Header } from './sipc-frame.js';

export const SIPC_PROTOCOL: SessionProtocol<Frame> = {
  peer: 'Fetion',
  codec: sipcCodec,
  kindOf({ start }) {
    if (start.kind === 'request') return 'request';
    // 100: the request is being worked on. 188: one part of a long answer; the adapter needs none of the parts.
    return start.code < 200 ? 'provisional' : 'response';
  },
  correlationId: (frame) => `${header(frame, 'I')} ${header(frame, 'Q')}`,
  nameOf: ({ start }) => (start.kind === 'request' ? start.method : `response ${start.code}`),
};

export interface SipcRequest {
  method: string;
  headers: Header[];
  body: string;
}

/**
 * A request of the account with the Fetion number `sid`.
 * @param call the number of the call; each connection counts its calls from 1
 * @param step the steps of one call count from 1; most calls have one
 */
export function sipcRequest(
  { method, headers, body }: SipcRequest,
  sid: string,
  call: number,
  step = 1,
): Frame {
  return {
    start: { kind: 'request', method, target: 'fetion.com.cn' },
    headers: [['F', sid], ['I', String(call)], ['Q', `${step} ${method}`], ...headers],
    body,
  };
}

/** The answer to a request of the server. */
export function sipcResponse(request: Frame, code: number, reason: string): Frame {
  const headers = ['F', 'I', 'Q'].flatMap((name): Header[] => {
    const value = header(request, name);
    return value === undefined ? [] : [[name, value]];
  });
  return { start: { kind: 'response', code, reason }, headers, body: '' };
}
