/** Answers of platforms: bounded in size, and judged by their HTTP status where they name no error of their own. */
import { HubError, parseJson, type ResultCode } from '#protocol';

/** Answers to calls are below 100 kB; a batch of a long poll may have a hundred messages. */
const MAX_ANSWER = 8 * 1024 * 1024;

/** @throws HubError 103 for more bytes than `max`: what the platform did with the call stands in what is not read */
export async function answerBytes(response: Response, max = MAX_ANSWER): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // To leave the loop closes the connection.
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > max) throw new HubError('103', `an answer of more than ${max} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** @returns undefined for what is not JSON. @throws HubError 103 as `answerBytes` */
export async function answerJson(response: Response, max?: number): Promise<unknown> {
  return parseJson(await answerBytes(response, max));
}

/** Of a proxy or a platform that cannot be reached behind it: no call succeeds at present. */
export function isGatewayError(status: number): boolean {
  return status >= 502 && status <= 504;
}

/** With 503 a call was not carried out (RFC 9110, 15.6.4). After another fault of the server nobody knows whether it was. */
export function resultOfStatus(status: number): ResultCode {
  if (status === 401) return '91';
  if (status === 429 || status === 503) return '65';
  return status >= 500 ? '103' : '100';
}
