/** Answers of the network -> result codes. The open interface speaks our own codes, so a refusal keeps the code that it has. */
import { HubError, isSuccess } from '#protocol';
import { readFieldByField } from './field-by-field.js';
import { Answer } from './open.schema.js';

/** Fields that must be readable: without them a refusal would read as a success. */
export const REFUSAL_FIELDS: ReadonlySet<string> = new Set(['code']);

/** @throws HubError with the code of the refusal, when the answer is one */
export function throwIfRefused(answer: Answer): Answer {
  if (answer.code !== undefined && !isSuccess(answer.code))
    throw new HubError(answer.code, `the network refused: ${answer.detail ?? 'no reason given'}`);
  return answer;
}

/** An HTTP status that says that the webhook did not process the request. undefined: read the answer. */
export function httpError(status: number): HubError | undefined {
  if (status === 429) return new HubError('65', 'the webhook answered HTTP 429');
  if (status >= 500) return new HubError('91', `the webhook answered HTTP ${status}`);
  return undefined;
}

/**
 * Reads the body of an HTTP response.
 * @param ok whether the HTTP status is 2xx
 * @throws HubError 100 when the body is not an `Answer`
 */
export function readAnswer(text: string, ok: boolean): Answer {
  let json: unknown = {};
  try {
    if (text.trim() !== '') json = JSON.parse(text);
  } catch {
    throw new HubError('100', 'the webhook answered with what is not JSON');
  }
  const answer = readFieldByField(Answer, json, REFUSAL_FIELDS);
  if (!answer.success) throw new HubError('100', 'the webhook answered in another shape than Answer');
  if (!ok && answer.data.code === undefined) throw new HubError('100', 'the webhook refused without a code');
  return answer.data;
}
