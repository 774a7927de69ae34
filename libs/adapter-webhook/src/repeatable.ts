import { HubError, toHubError } from '#protocol';

/** For a call that may be made again. @throws HubError; 91 when there was no answer, whether the request was sent or not */
export function repeatable<T>(call: Promise<T>): Promise<T> {
  return call.catch((thrown: unknown) => {
    const error = toHubError(thrown);
    throw error.code === '103' ? new HubError('91', error.detail, { cause: error }) : error;
  });
}
