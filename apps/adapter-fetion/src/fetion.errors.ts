/** SIP-C response codes -> result codes. A request without a response ends with 103 in the session. */
import { HubError, type ResultCode } from '#protocol';

const RESULT_OF: Record<number, ResultCode> = {
  400: '30',
  401: '36',
  403: '40',
  404: '14',
  405: '12',
  // The server asks for a captcha or another extension: possible again when the session has it.
  420: '91',
  421: '91',
  486: '65',
  502: '100',
  503: '91',
  // The server does not know whether the message arrived.
  504: '103',
  522: '40',
};

export function fetionError(code: number, reason: string): HubError {
  return new HubError(RESULT_OF[code] ?? '100', `Fetion answered ${code} ${reason}`.trim());
}
