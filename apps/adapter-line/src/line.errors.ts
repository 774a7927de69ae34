/** HTTP status and message of the Messaging API -> result code. */
import { resultOfStatus } from '#adapter-webhook';
import { HubError, type ResultCode } from '#protocol';

const RESULT_OF: Record<number, ResultCode> = { 403: '36', 404: '14', 413: '61' };

export function lineError(status: number, { message = '' }: { message?: string | undefined }): HubError {
  const detail = `LINE answered ${status} ${message}`.slice(0, 300);
  if (status === 429 && /monthly limit/i.test(message)) return new HubError('102', detail);
  // LINE says this of ids that nobody has, and of people who blocked the account.
  if (status === 400 && /failed to send|'to'/i.test(message)) return new HubError('14', detail);
  return new HubError(RESULT_OF[status] ?? resultOfStatus(status), detail);
}
