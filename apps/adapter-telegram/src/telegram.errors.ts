/** Error code and description of the Bot API -> result code. */
import { HubError, type ResultCode } from '#protocol';

export interface ApiError {
  description?: string | undefined;
  parameters?: { retry_after?: number | undefined } | undefined;
}

/** The descriptions are not documented; these are the known ones of 400. */
const DESCRIBED: readonly (readonly [RegExp, ResultCode])[] = [
  [/chat not found|user not found|PEER_ID_INVALID/i, '14'],
  [/message to (?:edit|delete|react) not found|can't be (?:edited|deleted)|MESSAGE_ID_INVALID/i, '25'],
  [/PHOTO_|IMAGE_|VIDEO_|VOICE_|MEDIA_|wrong file|file must be|failed to get/i, '106'],
  [/too (?:long|big|large)/i, '61'],
];
/** 403: the person blocked the bot, or never started it. 409: another program asks for updates of this bot. */
const RESULT_OF: Record<number, ResultCode> = { 401: '91', 403: '14', 404: '91', 409: '91', 413: '105' };

/** 404 too: a server of an earlier Bot API, which one can run oneself, does not have the method. */
const NO_METHOD = /method not found/i;

export function telegramError(status: number, { description = '', parameters }: ApiError): HubError {
  const detail = `Telegram answered ${status} ${description}`.slice(0, 300);
  const { retry_after: seconds } = parameters ?? {};
  if (status === 429)
    return new HubError('65', detail, seconds === undefined ? {} : { retryAfterMs: seconds * 1000 });
  // Nobody knows whether Telegram carried out a call that it could not answer.
  if (status >= 500) return new HubError('103', detail);
  if (status === 404 && NO_METHOD.test(description)) return new HubError('12', detail);
  const described = DESCRIBED.find(([words]) => status === 400 && words.test(description));
  return new HubError(described?.[1] ?? RESULT_OF[status] ?? '100', detail);
}

/** With a wrong token (401, or 404 as it is in the address) or a server that fails, everything waits. */
export function isAway(status: number, { description = '' }: ApiError = {}): boolean {
  return status === 401 || (status === 404 && !NO_METHOD.test(description)) || status >= 500;
}
