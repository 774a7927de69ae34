/**
 * Errors of the API -> result codes. The numbers from 10001 are those of Error_code on open.weibo.com, read 2026-11-30. Most
 * numbers of token errors (from 21301) stand on no page that could be read: they are to be checked on a real account.
 */
import { resultOfStatus } from '#adapter-webhook';
import { HubError, type ResultCode } from '#protocol';

export interface ApiError {
  error_code?: number | undefined;
  error?: string | undefined;
}

/** The token is missing, ended or was taken back: everything waits until the operator enters another. */
const NO_TOKEN = new Set([10006, 21301, 21314, 21315, 21316, 21317, 21319, 21327, 21332]);

const CODES: readonly (readonly [ResultCode, readonly number[]])[] = [
  // Faults that pass; rates of the address, of the account, of one call; permission; there is no such person.
  ['91', [10001, 10002, 10003, 10009, 10010, 10011]],
  ['65', [10022, 10023, 10024]],
  ['36', [10004, 10005, 10014]],
  ['14', [20003]],
  // The account may not write to this person now. Not in the public table; read in a program that calls this API.
  ['101', [26403]],
];
const RATE_MS = 2000;

export function isTokenError({ error_code: code }: ApiError): boolean {
  return code !== undefined && NO_TOKEN.has(code);
}

export function weiboError(status: number, answer: ApiError): HubError {
  const { error_code: code, error = '' } = answer;
  const detail = `Weibo answered ${code ?? status} ${error}`.slice(0, 300);
  const [known] = CODES.find(([, codes]) => codes.includes(code ?? 0)) ?? [];
  const result = isTokenError(answer) ? '91' : (known ?? resultOfStatus(status));
  return new HubError(result, detail, result === '65' ? { retryAfterMs: RATE_MS } : {});
}
