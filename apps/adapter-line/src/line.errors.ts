/** HTTP status and message of the Messaging API -> result code. */
import { HubError, type ResultCode } from '#protocol';

const RESULT_OF: Record<number, ResultCode> = { 401: '91', 403: '36', 404: '14', 413: '61', 429: '65' };

export function lineError(status: number, { message = '' }: { message?: string | undefined }): HubError {
  const detail = `LINE answered ${status} ${message}`.slice(0, 300);
  if (status === 429 && /monthly limit/i.test(message)) return new HubError('102', detail);
  // LINE says this of ids that nobody has, and of people who blocked the account.
  if (status === 400 && /failed to send|'to'/i.test(message)) return new HubError('14', detail);
  return new HubError(RESULT_OF[status] ?? (status >= 500 ? '91' : '100'), detail);
}
