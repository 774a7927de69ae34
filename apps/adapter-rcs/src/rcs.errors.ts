/**
 * Refusals and failures -> result codes. Numbers: China Telecom and China Unicom, interface specification 1.0.4 (2021-12); SVC and
 * POL: Huawei Cloud, "Message over 5G", list of errors (2024-11), after OMA NetAPI.
 */
import { resultOfStatus } from '#adapter-webhook';
import { HubError, type ResultCode } from '#protocol';

const RESULT_OF: Record<string, ResultCode> = {
  // Faults that pass; and the token: everything waits until it is right.
  ...codes('91', ['-1', 40001, 40002, 40014, 41001, 41002, 41004, 42001, 'SVC0001']),
  ...codes('65', [30003, 45001, 'POL0009']),
  ...codes('102', [30001, 30002, 30004]),
  ...codes('36', [30008, 48001, 'POL0001']),
  ...codes('14', [46001, 46002, 'SVC0004']),
  ...codes('40', [46003, 60002]),
  ...codes('106', [40005, 44001]),
  ...codes('107', [40007, 40022]),
  40006: '105',
  40008: '12',
  40021: '61',
  45010: '101',
};
/** In status reports: not found, no telephone for 5G messages, content, offline, rejected, content; 800: too late (China Mobile). */
const FAILURE_OF: Record<string, ResultCode> = { 1: '14', 2: '12', 4: '68', 5: '40', 800: '68' };
/** Calls with the token succeed again after it was renewed. */
export const STALE_TOKEN: ReadonlySet<number> = new Set([40001, 40014, 42001]);

/** @param code undefined: the answer names none, so its HTTP status decides. @param retryAfter header of that name */
export function rcsError(
  code: number | string | undefined,
  text: string,
  status = 200,
  retryAfter = '',
): HubError {
  const detail = `the platform answered ${code ?? status} ${text}`.slice(0, 300);
  const wait = Number(retryAfter) > 0 ? { retryAfterMs: Number(retryAfter) * 1000 } : {};
  return new HubError(RESULT_OF[code ?? ''] ?? resultOfStatus(status), detail, wait);
}

export function rcsFailure(code: string, text: string): { code: ResultCode; detail: string } {
  const detail = `the platform reported ${code} ${text}`.trim().slice(0, 300);
  return { code: FAILURE_OF[code] ?? RESULT_OF[code] ?? '100', detail };
}

function codes(result: ResultCode, natives: (number | string)[]): Record<string, ResultCode> {
  return Object.fromEntries(natives.map((native) => [native, result]));
}
