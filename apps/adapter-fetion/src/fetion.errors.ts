/** SIP-C response codes -> result codes. */
import { HubError, type ResultCode } from '#protocol';

const RESULT_OF: Record<number, ResultCode> = {
  400: '30',
  401: '36',
  403: '40',
  404: '14',
  405: '12',
  // A captcha or another extension is asked for: it goes on when the session has it.
  420: '91',
  421: '91',
  486: '65',
  502: '100',
  503: '91',
  // The server itself does not know: it may have arrived.
  504: '103',
  522: '40',
};

export function fetionError(code: number, reason: string): HubError {
  return new HubError(RESULT_OF[code] ?? '100', `Fetion answered ${code} ${reason}`.trim());
}

/** Fetion has no way to recognise a message that it was given before, so this is never tried again. */
export function noAnswer(what: string): HubError {
  return new HubError('103', `Fetion gave no answer to ${what}`);
}
