/** The INVITE that a phone, or the trunk, gets. Pure. */
import { newTag } from '../stack/sip-endpoint.js';
import type { Header, SipRequest } from '../stack/sip-message.js';
import { quoted } from '../stack/sip-uri.js';
import { SDP_TYPE } from './session-description.js';

/** Methods within a call. */
export const CALL_METHODS = 'INVITE, ACK, CANCEL, BYE, UPDATE, INFO, OPTIONS, MESSAGE';

export interface InviteParts {
  /** Request-URI: contact of the phone, or whom the trunk is to call. */
  uri: string;
  from: string;
  name: string | undefined;
  to: string;
  callId: string;
  contact: string;
  /** undefined: the phone is to make the offer (RFC 3261 §13.2.1). */
  offer: string | undefined;
  headers?: readonly Header[];
}

export function inviteRequest(parts: InviteParts): SipRequest {
  const { uri, from, name, to, callId, contact, offer, headers = [] } = parts;
  return {
    kind: 'request',
    method: 'INVITE',
    uri,
    headers: [
      ['max-forwards', '70'],
      ['from', `${name === undefined ? '' : `${quoted(name)} `}<${from}>;tag=${newTag()}`],
      ['to', `<${to}>`],
      ['call-id', callId],
      ['cseq', '1 INVITE'],
      ['contact', contact],
      ['allow', CALL_METHODS],
      ...headers,
      ...(offer === undefined ? [] : [['content-type', SDP_TYPE] as const]),
    ],
    body: Buffer.from(offer ?? ''),
  };
}
