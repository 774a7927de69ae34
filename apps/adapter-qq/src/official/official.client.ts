/** Calls to the official bot API v2. */
import { z } from 'zod';
import type { Memory } from '#adapter-kit';
import { answerJson, TokenStore, type FreshToken, type PlatformHttp } from '#adapter-webhook';
import { HubError } from '#protocol';
import type { QqSettings } from '../qq.config.js';
import { officialError, SAID_BEFORE, TOKEN_CODES } from './official.errors.js';

const Text = z.string().optional().catch(undefined);
const Answer = z.looseObject({
  id: Text,
  url: Text,
  username: Text,
  file_info: Text,
  code: z.number().optional().catch(undefined),
  message: Text,
});
export type OfficialAnswer = z.infer<typeof Answer>;
/** Seconds come as a text. A refusal comes with HTTP 200. */
const Token = z.looseObject({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

/** Accepted, and shown when QQ has looked at it. */
const IN_AUDIT = 304023;

export class OfficialClient {
  private readonly tokens: TokenStore;

  constructor(
    private readonly settings: QqSettings,
    memory: Pick<Memory, 'get' | 'put'>,
    private readonly http: PlatformHttp,
  ) {
    this.tokens = new TokenStore(memory, () => this.freshToken());
  }

  token(): Promise<string> {
    return this.tokens.current();
  }

  /** For what may be carried out again: `msg_seq` tells QQ that it is the same. @throws HubError; 91 when there was no answer */
  async call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<OfficialAnswer> {
    const answer = await this.tokens.use(
      (token) => this.ask(token, method, path, body),
      (one) => one === 'stale token',
    );
    if (answer === 'stale token')
      throw new HubError('91', 'QQ does not take the access token that it issued');
    return answer;
  }

  private ask(
    token: string,
    method: string,
    path: string,
    body: object | undefined,
  ): Promise<OfficialAnswer | 'stale token'> {
    const { QQ_URL: url, QQ_APP_ID: appId = '' } = this.settings;
    const headers = {
      authorization: `QQBot ${token}`,
      'x-union-appid': appId,
      'content-type': 'application/json',
    };
    const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    return this.http.askAgain(url.replace(/\/$/, '') + path, init, async (response) => {
      const answer = Answer.parse(response.status === 204 ? {} : await answerJson(response));
      const { status } = response;
      if (status === 401 || TOKEN_CODES.has(answer.code ?? 0)) return 'stale token';
      this.http.reachable = true;
      if (answer.code === SAID_BEFORE || answer.code === IN_AUDIT) return answer;
      // 201 and 202 bring the code of an error.
      if (response.ok && !answer.code) return answer;
      throw officialError(status, answer);
    });
  }

  private freshToken(): Promise<FreshToken> {
    const { QQ_TOKEN_URL: url, QQ_APP_ID: appId, QQ_SECRET: clientSecret } = this.settings;
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appId, clientSecret }),
    };
    return this.http.askAgain(`${url.replace(/\/$/, '')}/app/getAppAccessToken`, init, async (response) => {
      const token = Token.safeParse(await answerJson(response)).data;
      this.http.reachable = token !== undefined;
      if (!token)
        throw new HubError(
          '91',
          `QQ issues no access token (${response.status}): check QQ_APP_ID and QQ_SECRET`,
        );
      return { token: token.access_token, lifetimeMs: token.expires_in * 1000 };
    });
  }
}
