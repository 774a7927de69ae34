/** How actions reach a OneBot implementation, and how its events come: over one WebSocket, or over HTTP. */
import type { Server } from 'node:http';
import type { AttachTools } from '#adapter-kit';
import { answerJson, PlatformHttp, type SignedCallback } from '#adapter-webhook';
import { HubError } from '#protocol';
import { z } from 'zod';
import type { QqSettings } from '../qq.config.js';
import { oneBotError } from './onebot.errors.js';

export type Data = Record<string, unknown>;

export interface OneBotWire {
  readonly http: PlatformHttp;
  /** @returns `data` of the answer. @throws HubError 91 not sent, 103 no answer, or what the answer says */
  call(action: string, params: object): Promise<Data>;
  start(take: (input: SignedCallback) => Promise<void>): void;
  stop(): Promise<void>;
  attach?(server: Server, tools: Pick<AttachTools, 'refusals' | 'proofs'>): void;
}

/** An answer may have an attachment in it, as base64. */
const MAX_ANSWER = 64 * 1024 * 1024;
const Text = z.string().optional().catch(undefined);
const Answer = z.looseObject({
  status: z.string(),
  retcode: z.number(),
  data: z.unknown().optional(),
  message: Text,
  wording: Text,
  msg: Text,
});

/** @throws HubError */
export function dataIn(action: string, json: unknown): Data {
  const answer = Answer.safeParse(json).data;
  if (!answer) throw new HubError('103', `QQ: ${action} got what is no answer of OneBot`);
  const { status, retcode, data, message, wording, msg } = answer;
  // 1: accepted, and carried out later.
  if (status === 'failed' || (retcode !== 0 && retcode !== 1))
    throw oneBotError(action, { retcode, words: [message, wording, msg].filter(Boolean).join(' ') });
  return typeof data === 'object' && data !== null ? (data as Data) : {};
}

export class OneBotHttp implements OneBotWire {
  readonly http = new PlatformHttp('the OneBot program');

  constructor(private readonly settings: QqSettings) {}

  call(action: string, params: object): Promise<Data> {
    const { QQ_PROFILE: profile, QQ_URL: base, QQ_TOKEN: token } = this.settings;
    const url = base.replace(/\/$/, '');
    const [address, body] =
      profile === 'onebot12' ? [`${url}/`, { action, params }] : [`${url}/${action}`, params];
    const headers = {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    };
    return this.http.ask(
      address,
      { method: 'POST', headers, body: JSON.stringify(body) },
      async (response) => {
        // With a wrong token everything waits until the operator corrects it.
        this.http.reachable = response.status !== 401 && response.status !== 403;
        if (!this.http.reachable) throw new HubError('91', 'QQ: the OneBot program refuses the access token');
        if (response.status === 404) throw new HubError('12', `QQ: the OneBot program has no ${action}`);
        if (!response.ok)
          throw new HubError('103', `QQ: ${action} was answered with HTTP ${response.status}`);
        return dataIn(action, await answerJson(response, MAX_ANSWER));
      },
    );
  }

  start(): void {
    // Events come as callbacks.
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
