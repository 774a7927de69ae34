/** Errors of the Cloud API -> result codes. Numbers as of 2026-11 (Cloud API reference, "Error codes"). */
import { isGatewayError, resultOfStatus } from '#adapter-webhook';
import { HubError, type ResultCode } from '#protocol';

export interface ApiError {
  code: number;
  message: string;
}

/** Token, or registration of the number: everything waits until the operator corrects it. Some of them come with HTTP 400. */
const NO_ACCESS = new Set([0, 190, 133010]);

const RESULT_OF: Record<number, ResultCode> = {
  // Faults that pass.
  1: '91',
  2: '91',
  131000: '91',
  131016: '91',
  // Permission, and policy.
  3: '36',
  10: '36',
  368: '36',
  131031: '36',
  // Rates.
  4: '65',
  80007: '65',
  130429: '65',
  131048: '65',
  131056: '65',
  131026: '14',
  131047: '101',
  131051: '106',
  131052: '107',
  131053: '106',
};
/** 131056: one message in 6 s to one person. */
const PAIR_RATE = 131056;
const PAIR_MS = 6000;

/** @param status HTTP status of the answer, undefined: a status of a message says it */
export function whatsappError(error: ApiError | undefined, status = 200): HubError {
  const { code = -1, message = '' } = error ?? {};
  const detail = `WhatsApp ${code < 0 ? `answered ${status}` : code} ${message}`.slice(0, 300);
  const permission = code >= 200 && code < 300;
  const known = NO_ACCESS.has(code) ? '91' : permission ? '36' : RESULT_OF[code];
  const result = known ?? resultOfStatus(status);
  return new HubError(result, detail, code === PAIR_RATE ? { retryAfterMs: PAIR_MS } : {});
}

/** No call succeeds at present. */
export function isAway(status: number, error: ApiError | undefined): boolean {
  return status === 401 || isGatewayError(status) || (error !== undefined && NO_ACCESS.has(error.code));
}
