/** Client of the Yunxin server API: form-encoded calls, each with a checksum. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { answerBytes, PlatformHttp } from '#adapter-webhook';
import type { MediaFile } from '#media';
import { HubError } from '#protocol';
import { checksum } from './checksum.js';
import { exactJson } from './exact-json.js';
import { yunxinError } from './yunxin.errors.js';

export interface YunxinOptions {
  url: string;
  appKey: string;
  appSecret: string;
}

const Answer = z.looseObject({
  code: z.number(),
  desc: z.string().optional().catch(undefined),
  data: z.unknown().optional(),
});
export type YunxinAnswer = z.infer<typeof Answer>;

/** 417, 431: Yunxin has already accepted the same request. */
const ALREADY_DONE = new Set([417, 431]);
const UPLOAD_MS = 120_000;

export class YunxinClient {
  readonly http = new PlatformHttp('Yunxin');

  constructor(private readonly options: YunxinOptions) {}

  /** @throws HubError by the code of the answer; 91: not sent; 103: no answer */
  async call(action: string, parameters: Record<string, string>): Promise<YunxinAnswer> {
    const answer = await this.ask(action, parameters);
    if (answer.code === 200 || ALREADY_DONE.has(answer.code)) return answer;
    throw yunxinError(action, answer);
  }

  /** Uploads a file into the network's storage. Can be repeated safely. @returns its URL. @throws HubError 105, 106, 91 */
  async upload(file: MediaFile): Promise<string> {
    const form = new FormData();
    form.append('content', await file.blob(), file.filename);
    form.append('type', file.contentType);
    const answer = await this.ask('msg/fileUpload', form, UPLOAD_MS).catch((cause: unknown) => {
      throw new HubError('91', 'Yunxin does not take the file', { cause });
    });
    if (answer.code === 200 && typeof answer['url'] === 'string') return answer['url'];
    const { code, detail, verdict } = yunxinError('msg/fileUpload', answer);
    throw new HubError(code === '61' ? '105' : verdict === 'retry' ? code : '106', detail);
  }

  /** Returns the answer with any code. @throws HubError 91: not sent; 103: no answer; 100: invalid answer */
  async ask(
    action: string,
    parameters: Record<string, string> | FormData,
    timeoutMs?: number,
  ): Promise<YunxinAnswer> {
    const { url, appKey, appSecret } = this.options;
    const [nonce, time] = [randomBytes(16).toString('hex'), String(Math.floor(Date.now() / 1000))];
    const request = {
      method: 'POST',
      headers: { AppKey: appKey, Nonce: nonce, CurTime: time, CheckSum: checksum(appSecret, nonce, time) },
      body: parameters instanceof FormData ? parameters : new URLSearchParams(parameters),
    };
    return this.http.ask(
      `${url}/nimserver/${action}.action`,
      request,
      (response) => this.read(response),
      timeoutMs,
    );
  }

  private async read(response: Response): Promise<YunxinAnswer> {
    this.http.reachable = true;
    const answer = Answer.safeParse(exactJson((await answerBytes(response)).toString('utf8')));
    if (!answer.success) throw new HubError('100', 'Yunxin: an answer that cannot be read');
    return answer.data;
  }
}
