/** The interface of China Telecom and China Unicom: JSON, with an access token that ends. */
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Memory } from '#adapter-kit';
import {
  answerJson,
  headerOf,
  jsonRefusal,
  openContent,
  PlatformHttp,
  readCallback,
  repeatable,
  TokenStore,
  uploading,
  type Edge,
  type EdgeRequest,
  type FreshToken,
  type SignedCallback,
} from '#adapter-webhook';
import type { MediaFile } from '#media';
import { HubError } from '#protocol';
import { secretsEqual } from '#service';
import { jsonMessage, type RcsFile, type RcsMessage } from './from-canonical.js';
import { readJsonNotification } from './notifications.js';
import type { RcsClient, RcsRequest } from './rcs.client.js';
import type { RcsSettings } from './rcs.config.js';
import { rcsError, STALE_TOKEN } from './rcs.errors.js';

const Text = z.string().optional().catch(undefined);
const FileInfo = z.looseObject({ url: z.string().min(1), fileName: Text, contentType: Text, until: Text });
const Answer = z.looseObject({
  errorCode: z.coerce.number().optional().catch(undefined),
  errorMessage: z.string().catch(''),
  accessToken: Text,
  expires: z.coerce.number().positive().catch(7200),
  fileInfo: z.array(FileInfo).catch([]),
});
type Answer = z.infer<typeof Answer>;
const UPLOAD_MS = 120_000;
/** How far the clock of the platform may be off, s. */
const SKEW_S = 300;

export class JsonClient implements RcsClient {
  readonly http = new PlatformHttp('5G messaging');
  readonly namesOurIds = true;
  readonly read = readJsonNotification;
  private tokens!: TokenStore;
  private readonly url: string;

  constructor(private readonly settings: RcsSettings) {
    this.url = `${settings.RCS_URL}/bot/v1/${encodeURIComponent(settings.RCS_CHATBOT)}`;
  }

  start(memory: Memory): void {
    this.tokens = new TokenStore(memory, () => this.requestToken());
  }

  check(): Promise<unknown> {
    return repeatable(this.call('/find/chatBotInfo', {}));
  }

  async send(message: RcsMessage): Promise<string> {
    await this.call('/messages', post(jsonMessage(message, this.settings)));
    return message.id;
  }

  revoke(messageId: string, to: string): Promise<unknown> {
    const body = { messageId, status: 'RevokeRequested', destinationAddress: [`tel:+86${to}`] };
    return repeatable(this.call('/revoke', post(body)));
  }

  async upload(file: MediaFile): Promise<RcsFile> {
    const body = new FormData();
    body.append('file', await file.blob(), file.filename);
    const init = { method: 'POST', body, headers: { uploadMode: 'temp' } };
    const { fileInfo } = await uploading(this.call('/medias/upload', init, UPLOAD_MS));
    const [known] = fileInfo;
    if (!known) throw new HubError('106', 'the platform gave no address for an attachment');
    return { ...known, fileSize: file.size, fileName: file.filename, contentType: file.contentType };
  }

  async open(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const headers = { ...bearer(await this.tokens.current()), url: encodeURI(url) };
    return openContent(this.http.name, `${this.url}/medias/download`, { headers, signal });
  }

  acknowledge({ json }: SignedCallback): object {
    const about = z
      .looseObject({ messageId: Text, conversationId: Text, contributionId: Text })
      .safeParse(json);
    const { messageId, conversationId, contributionId } = about.data ?? {};
    return { messageId, conversationId, contributionId, errorCode: 0, errorMessage: '' };
  }

  private async call(path: string, init: RcsRequest, timeoutMs?: number): Promise<Answer> {
    const answer = await this.tokens.use(
      (token) => this.exchange(path, init, bearer(token), timeoutMs),
      ({ errorCode = 0 }) => STALE_TOKEN.has(errorCode),
    );
    if (answer.errorCode !== 0) throw rcsError(answer.errorCode, answer.errorMessage);
    return answer;
  }

  private async requestToken(): Promise<FreshToken> {
    const { RCS_APP_ID: appId, RCS_APP_KEY: appKey } = this.settings;
    const answer = await repeatable(this.exchange('/accessToken', post({ appId, appKey }), {}));
    const { accessToken, expires, errorCode, errorMessage } = answer;
    if (accessToken === undefined) throw rcsError(errorCode ?? 40001, errorMessage);
    return { token: accessToken, lifetimeMs: expires * 1000 };
  }

  /** @throws HubError for an answer without an error code, by its HTTP status */
  private exchange(
    path: string,
    init: RcsRequest,
    more: Record<string, string>,
    timeoutMs?: number,
  ): Promise<Answer> {
    const headers = { accept: 'application/json', date: new Date().toUTCString(), ...init.headers, ...more };
    const read = async (response: Response): Promise<Answer> => {
      const answer = Answer.safeParse(await answerJson(response)).data;
      this.http.reachable = response.status < 500;
      if (answer?.errorCode !== undefined) return answer;
      throw rcsError(undefined, '', response.status, response.headers.get('retry-after') ?? '');
    };
    return this.http.ask(this.url + path, { ...init, headers }, read, timeoutMs);
  }

  /** SHA-256 over the sorted token, time and nonce. The body is not covered: the first one that comes with a nonce binds it. */
  readonly edge: Edge<unknown> = {
    maxBody: 256 * 1024,
    form: (request) => {
      const seconds = Number(headerOf(request, 'timestamp'));
      if (!(Math.abs(Date.now() / 1000 - seconds) <= SKEW_S) || headerOf(request, 'nonce') === '')
        throw new HubError('31', 'a notification without nonce, or of another time');
    },
    proof: async (request, body, { firstUse }) => {
      const { RCS_TOKEN: token } = this.settings;
      const signature = headerOf(request, 'signature');
      if (token === undefined || !secretsEqual(signature.toLowerCase(), signatureOf(request, token)))
        throw new HubError('31', 'a notification has a wrong signature');
      const content = hash('sha256', body, 'base64url');
      if ((await firstUse.claim(signature, content)) !== content)
        throw new HubError('31', 'this signature came before with another body');
    },
    parse: (body) => readCallback(body, { depth: 24, values: 5000 }),
    refusal: jsonRefusal,
  };
}

/** @param token of the chatbot for notifications */
export function signatureOf(request: Pick<EdgeRequest, 'headers'>, token: string): string {
  const parts = [token, headerOf(request, 'timestamp'), headerOf(request, 'nonce')];
  return hash('sha256', parts.toSorted().join(''), 'hex');
}

function bearer(token: string): Record<string, string> {
  return { authorization: `accessToken ${token}` };
}

function post(body: object): RcsRequest {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}
