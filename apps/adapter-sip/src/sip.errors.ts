/** Result codes <-> SIP responses (RFC 3261 §21, RFC 3428 §7). */
import { HubError, isSuccess, type FailureCode, type ResultCode } from '#protocol';
import type { Header, SipResponse } from './stack/sip-message.js';

const STATUS_OF: Record<FailureCode, number> = {
  '12': 415,
  '14': 404,
  '15': 404,
  '25': 404,
  '30': 400,
  '31': 403,
  '36': 403,
  '40': 403,
  '57': 403,
  '61': 413,
  '65': 480,
  '68': 480,
  '71': 482,
  '91': 503,
  '92': 404,
  '93': 403,
  '96': 503,
  '100': 502,
  '101': 480,
  '102': 480,
  '103': 504,
};
const RETRY_AFTER_S = 10;
/** Content that a MESSAGE of a person may have. */
export const ACCEPTED = 'text/plain, message/cpim, message/imdn+xml, application/im-iscomposing+xml';

/** 202: the message was handed on, and what became of it is reported later. */
export function statusOf(code: ResultCode): { status: number; headers: Header[] } {
  if (isSuccess(code)) return { status: 202, headers: [] };
  const status = STATUS_OF[code];
  return { status, headers: headersFor(status, code) };
}

/** What a caller is told whose call did not come about. */
export function callStatusOf(code: ResultCode): number {
  if (isSuccess(code)) return 480;
  switch (code) {
    case '12':
      return 488;
    // 5xx would be about the server, and phones would leave it alone for a while.
    case '91':
    case '96':
    case '100':
    case '103':
      return 480;
    default:
      return STATUS_OF[code];
  }
}

function headersFor(status: number, code: ResultCode): Header[] {
  if (status === 415) return [['accept', ACCEPTED]];
  return status === 503 || code === '65' ? [['retry-after', String(RETRY_AFTER_S)]] : [];
}

const RESULT_OF: Record<number, FailureCode> = {
  400: '30',
  401: '36',
  403: '40',
  404: '14',
  405: '12',
  406: '12',
  407: '36',
  // A proxy that waited in vain does not know whether its next hop has the message.
  408: '103',
  410: '14',
  413: '61',
  415: '12',
  416: '12',
  429: '65',
  480: '91',
  482: '71',
  483: '71',
  486: '91',
  488: '12',
  500: '91',
  502: '91',
  503: '91',
  504: '103',
  513: '61',
  600: '91',
  603: '40',
  604: '14',
  606: '12',
};

/** What the network said about a request of ours. */
export function sipError({ status, reason }: Pick<SipResponse, 'status' | 'reason'>): HubError {
  return new HubError(
    RESULT_OF[status] ?? '100',
    `the phone answered ${status} ${reason.slice(0, 100)}`.trim(),
  );
}
