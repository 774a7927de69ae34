/** Errors of uploads and downloads -> what becomes of the attachment. */
import { HubError, toHubError, type ResultCode } from '#protocol';
import { repeatable } from './repeatable.js';

/** Refusals of the person, not of the attachment: text would be refused as well. */
const CLOSED_WINDOW: ReadonlySet<ResultCode> = new Set(['101', '102']);

/**
 * An upload is always repeated, also if the last one succeeded; an attachment that the platform refuses is sent as text.
 * @throws HubError 105 or 106 when it is refused; 101, 102, 91, 65
 */
export function uploading<T>(upload: Promise<T>): Promise<T> {
  return repeatable(upload).catch((thrown: unknown) => {
    const error = toHubError(thrown);
    if (error.code === '61') throw new HubError('105', error.detail);
    if (error.verdict === 'retry' || CLOSED_WINDOW.has(error.code)) throw error;
    throw new HubError('106', error.detail);
  });
}

/** An attachment that the platform refuses to give for good is gone. */
export function downloadError(error: HubError): HubError {
  return error.verdict === 'retry' ? error : new HubError('107', error.detail);
}

/** The content of an attachment, as it comes. @throws HubError 107 gone, 91 */
export async function openContent(
  platform: string,
  url: string,
  init: RequestInit,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(url, { redirect: 'error', ...init }).catch((cause: unknown) => {
    throw new HubError('91', `${platform} gives no attachments`, { cause });
  });
  if (response.status === 200 && response.body) return response.body;
  throw statusError(platform, response.status);
}

/** 202: the platform still converts it. */
export function statusError(platform: string, status: number): HubError {
  const passes = status >= 500 || status === 429 || status === 202;
  return new HubError(passes ? '91' : '107', `${platform} answered ${status}`);
}
