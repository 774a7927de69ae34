/** HTTP status and code of the bot API -> result code. Source: bot.q.qq.com, "错误码", 2025-04, and what clients report of 2026. */
import { resultOfStatus } from '#adapter-webhook';
import { HubError, type ResultCode } from '#protocol';

/** The call with this `msg_id` and `msg_seq` was carried out before. */
export const SAID_BEFORE = 40054005;
/** The access token is not valid (any more). */
export const TOKEN_CODES: ReadonlySet<number> = new Set([11241, 11242, 11243, 11244]);

const RESULT_OF: Record<number, ResultCode> = {
  // The message that is answered is too old, or there is none and the account may not speak first.
  304103: '101',
  40034005: '101',
  40034102: '101',
  40034105: '101',
  40034128: '101',
  // More answers than the window has, or more messages without being asked than the month has.
  22009: '102',
  40034100: '102',
  20028: '65',
  11251: '91',
  11252: '91',
  11253: '36',
  11254: '36',
  // Fetching or converting an attachment.
  304082: '91',
  304083: '91',
};

export interface Refusal {
  code?: number | undefined;
  message?: string | undefined;
}

export function officialError(status: number, { code = 0, message = '' }: Refusal): HubError {
  const detail = `QQ answered ${status} ${code} ${message}`.slice(0, 300);
  const known = RESULT_OF[code];
  if (known !== undefined) return new HubError(known, detail);
  if (TOKEN_CODES.has(code)) return new HubError('91', detail);
  return new HubError(status === 404 ? '14' : resultOfStatus(status), detail);
}
