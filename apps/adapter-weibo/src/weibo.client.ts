/** Calls to the API. Every call carries the token as a parameter. */
import { z } from 'zod';
import { isGatewayError, JsonApi } from '#adapter-webhook';
import type { WeiboSettings } from './weibo.config.js';
import { isTokenError, weiboError } from './weibo.errors.js';

const Text = z.string().optional().catch(undefined);
const Answer = z.looseObject({
  error_code: z.coerce.number().optional().catch(undefined),
  error: Text,
  result: z.boolean().optional().catch(undefined),
  nickname: Text,
  headimgurl: Text,
});
type WeiboAnswer = z.infer<typeof Answer>;

export class WeiboClient extends JsonApi<WeiboAnswer> {
  constructor(private readonly settings: WeiboSettings) {
    super({
      name: 'Weibo',
      url: '',
      answer: Answer,
      isAway: (status, answer) => status === 401 || isGatewayError(status) || isTokenError(answer),
      isRefusal: ({ error_code, result }) => error_code !== undefined || result === false,
      errorOf: weiboError,
    });
  }

  /** May be called again and again: it shows that Weibo is there and takes the token. */
  setFormat(): Promise<WeiboAnswer> {
    const { WEIBO_API_URL: base, WEIBO_FORMAT: format } = this.settings;
    return this.post(`${base}/2/eps/push/set_format.json`, this.withToken({ format }));
  }

  /** @throws HubError 103 when there was no answer: there is neither an idempotency key nor an id */
  async sendText(receiver_id: string, text: string): Promise<void> {
    const form = this.withToken({ type: 'text', data: JSON.stringify({ text }), receiver_id });
    await this.post(`${this.settings.WEIBO_MESSAGES_URL}/2/messages/reply.json`, form);
  }

  /** Name and picture are missing for people who do not follow the account. */
  about(uid: string): Promise<WeiboAnswer> {
    const query = this.withToken({ uid }).toString();
    return this.get(`${this.settings.WEIBO_API_URL}/2/eps/user/info.json?${query}`);
  }

  openFile(fid: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const query = this.withToken({ fid }).toString();
    return this.content(`${this.settings.WEIBO_FILES_URL}/2/mss/msget?${query}`, signal);
  }

  private withToken(more: Record<string, string>): URLSearchParams {
    return new URLSearchParams({ access_token: this.settings.WEIBO_ACCESS_TOKEN, ...more });
  }
}
