/**
 * Maps between result codes and problem types. Requests on the bus are answered with a result code, requests over HTTP with a
 * problem type. Both directions are needed: services of the console answer requests of both kinds, send requests on the bus
 * themselves, and use parsers of libs/protocol, which throw result codes.
 */
import { HubError, toHubError, type ResultCode } from '#protocol';
import { ApiProblem, type ProblemKind } from './problems.js';

/** Result code in the reply on the bus, for a problem that a service throws. */
const RESULT_OF_PROBLEM: Record<ProblemKind, ResultCode> = {
  invalid: '30',
  unauthenticated: '31',
  'sign-in-failed': '31',
  'second-factor-required': '31',
  forbidden: '36',
  'not-found': '14',
  'no-network-for-number': '92',
  'nobody-reachable': '14',
  'method-not-allowed': '30',
  conflict: '94',
  gone: '68',
  'version-mismatch': '94',
  'too-large': '61',
  'unsupported-media-type': '30',
  'version-required': '30',
  'too-many-requests': '65',
  internal: '96',
  unavailable: '91',
};

/** Problem type in the answer over HTTP, for the result code of a reply on the bus or of a parser. Other codes are internal errors. */
const PROBLEM_OF_RESULT: Partial<Record<ResultCode, ProblemKind>> = {
  '14': 'nobody-reachable',
  '15': 'not-found',
  '30': 'invalid',
  '31': 'forbidden',
  '36': 'forbidden',
  '40': 'nobody-reachable',
  '57': 'forbidden',
  '61': 'too-large',
  '65': 'too-many-requests',
  '68': 'gone',
  '91': 'unavailable',
  '92': 'no-network-for-number',
  '94': 'conflict',
};

/** The error of a request on the bus. */
export function resultOf(thrown: unknown): HubError {
  return thrown instanceof ApiProblem
    ? new HubError(RESULT_OF_PROBLEM[thrown.kind], thrown.detail, { cause: thrown })
    : toHubError(thrown);
}

/** The problem of a request over HTTP, for the error of a parser or of a request on the bus. */
export function problemOfError(error: HubError): ApiProblem {
  const { code, detail, retryAfterMs } = error;
  return problemOfResult(code, detail, { retryAfterMs, cause: error });
}

/** The problem of a request over HTTP, for a reply on the bus that is not a success. */
export function problemOfResult(
  code: ResultCode,
  detail: string,
  { retryAfterMs, cause }: { retryAfterMs?: number | undefined; cause?: unknown } = {},
): ApiProblem {
  const headers: Record<string, string> =
    retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
  return new ApiProblem(PROBLEM_OF_RESULT[code] ?? 'internal', detail, { cause, headers });
}
