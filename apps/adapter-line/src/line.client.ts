/** Calls to the LINE Messaging API. */
import { z } from 'zod';
import { JsonApi } from '#adapter-webhook';
import type { LineSettings } from './line.config.js';
import { lineError } from './line.errors.js';

const Text = z.string().optional().catch(undefined);
const Sent = z.array(z.looseObject({ id: z.string(), quoteToken: Text })).catch([]);
const Answer = z.looseObject({ message: Text, sentMessages: Sent, displayName: Text, pictureUrl: Text });
export type LineAnswer = z.infer<typeof Answer>;

export class LineClient extends JsonApi<LineAnswer> {
  constructor({ LINE_API_URL: url, LINE_CHANNEL_TOKEN: token }: LineSettings) {
    super({ name: 'LINE', url, token, answer: Answer, keyHeader: 'x-line-retry-key', errorOf: lineError });
  }

  /** The retry key of a push is good for 24 hours. */
  push(to: string, messages: object[], key: string): Promise<LineAnswer> {
    return this.postOnce('/v2/bot/message/push', { to, messages }, key);
  }

  /** A reply costs nothing. Its token is good once, for a minute. */
  reply(replyToken: string, messages: object[]): Promise<LineAnswer> {
    return this.post('/v2/bot/message/reply', { replyToken, messages });
  }
}
