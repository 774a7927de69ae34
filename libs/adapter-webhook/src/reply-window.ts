/** Platforms that give a token with each input, by which it can be answered once, free of charge, and for a short time. */
import { toHubError } from '#protocol';

/**
 * @param token undefined: there is none. When the platform refuses it (used up, too old), `push` says it
 * @throws HubError 103 when nobody knows whether the reply arrived: it must not be said again
 */
export async function replyOrPush<T>(
  token: string | undefined,
  reply: (token: string) => Promise<T>,
  push: () => Promise<T>,
): Promise<T> {
  if (token === undefined) return push();
  try {
    return await reply(token);
  } catch (thrown) {
    const error = toHubError(thrown);
    if (error.code === '103') throw error;
    return push();
  }
}
