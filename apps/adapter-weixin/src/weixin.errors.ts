/** Refusals of the iLink API -> result codes. Numbers and texts as observed until 2026-10; HTTP says 200 to nearly all of them. */
import { HubError, type ResultCode } from '#protocol';

/** The session of a person is over: they have to pair again. Stands in `ret` or in `errcode`. */
export const SESSION_OVER = -14;
/** Of a cursor: it belongs to another session. */
export const FOREIGN_CURSOR = -3;
const RATE_MS = 60_000;

export interface Refusal {
  code: number;
  message: string;
}

export class WeixinError extends HubError {
  constructor(
    /** `ret` or `errcode`. */
    readonly native: number,
    code: ResultCode,
    detail: string,
    retryAfterMs?: number,
  ) {
    super(code, detail, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
}

export function isNative(thrown: unknown, native: number): boolean {
  return thrown instanceof WeixinError && thrown.native === native;
}

/** @param status HTTP status of the answer */
export function weixinError({ code, message }: Refusal, status = 200): WeixinError {
  const detail = `WeChat ${code === 0 ? `answered ${status}` : code} ${message}`.slice(0, 300);
  const [result, retryAfterMs] = resultOf(code, message, status);
  return new WeixinError(code, result, detail, retryAfterMs);
}

function resultOf(code: number, message: string, status: number): [ResultCode, number?] {
  switch (code) {
    case SESSION_OVER:
    // A person who has not spoken since they paired has no context.
    case FOREIGN_CURSOR:
      return ['101'];
    case -2:
      if (/rate/i.test(message)) return ['65', RATE_MS];
      // The same number says that the quota or the window is used up, and what is wrong with a request.
      return [/invalid|required/i.test(message) ? '100' : '102'];
    case -1:
      return ['91'];
    case 0:
      return status === 429 ? ['65', RATE_MS] : [status >= 500 ? '91' : '100'];
    default:
      return ['100'];
  }
}
