/** Calls to the platform's API, with a token that all instances share. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Memory } from '#adapter-kit';
import type { MediaFile } from '#media';
import { HubError, parseJson, toHubError, type MediaKind } from '#protocol';
import { requestSent } from '#service';
import { isStaleToken, platformError } from './platform.errors.js';
import type { PlatformProfile } from './profile.js';

const Answer = z.looseObject({ errcode: z.number().default(0), errmsg: z.string().default('') });
type Answer = z.infer<typeof Answer>;
const TokenAnswer = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() });
interface KeptToken {
  token: string;
  until: number;
}

export interface ClientOptions {
  url: string;
  id: string;
  secret: string;
}

const TIMEOUT_MS = 10_000;
const UPLOAD_MS = 120_000;
const MAX_TOLD_BYTES = 64 * 1024;
const TOKEN_KEY = 'access-token';
/** A token is renewed so long before its end. */
const MARGIN_MS = 300_000;

export class PlatformClient {
  private kept: KeptToken | undefined;
  private renewing: Promise<string> | undefined;
  /** Was the platform there, the last time that we asked? */
  reachable = false;

  constructor(
    private readonly profile: PlatformProfile,
    private readonly options: ClientOptions,
    private readonly memory: Memory,
  ) {}

  /**
   * @throws HubError by the platform's errcode; 91 when the call was not made; 103 when nobody knows what became of it
   */
  async call(path: string, body: object): Promise<Answer> {
    return this.withToken((token) => this.exchange(`${path}?${query(token)}`, 'POST', body));
  }

  /** @throws HubError as `call` */
  async look(path: string, parameters: Record<string, string>): Promise<Answer> {
    return this.withToken((token) => this.exchange(`${path}?${query(token, parameters)}`, 'GET'));
  }

  private async withToken(ask: (token: string) => Promise<Answer>): Promise<Answer> {
    const token = await this.token();
    const first = await ask(token);
    const answer = isStaleToken(first.errcode) ? await ask(await this.newerThan(token)) : first;
    this.reachable = true;
    if (answer.errcode !== 0) throw platformError(this.profile, answer.errcode, answer.errmsg);
    return answer;
  }

  /**
   * A medium of ours, for sending within three days. Harmless to repeat.
   * @returns its media_id. @throws HubError 105 too large, 106 not taken; 91, 65: worth another try
   */
  async upload(type: MediaKind | 'thumb', file: MediaFile): Promise<string> {
    const form = new FormData();
    form.append('media', await file.blob(), file.filename);
    const answer = await this.withToken((token) =>
      this.exchange(`${this.profile.media.upload}?${query(token, { type })}`, 'POST', form, UPLOAD_MS),
    ).catch((thrown: unknown) => {
      throw mediaError(toHubError(thrown));
    });
    const id = answer['media_id'] ?? answer['thumb_media_id'];
    if (typeof id !== 'string') throw new HubError('106', `${this.profile.name} gave no media_id`);
    return id;
  }

  /** A medium that a person sent. @throws HubError 107 gone; 91, 65: worth another try */
  async download(mediaId: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | { url: string }> {
    const path = (token: string) => `${this.profile.media.download}?${query(token, { media_id: mediaId })}`;
    const open = async (token: string) =>
      fetch(this.options.url + path(token), { signal, redirect: 'error' }).catch((cause: unknown) => {
        throw new HubError('91', `${this.profile.name} gives no media`, { cause });
      });
    let found = await contentOf(await open(await this.token()));
    if (found.told && isStaleToken(found.told.errcode))
      found = await contentOf(await open(await this.renew()));
    const { told, content, status } = found;
    if (told && typeof told['video_url'] === 'string') return { url: told['video_url'] };
    if (told && told.errcode !== 0)
      throw goneUnlessPassing(platformError(this.profile, told.errcode, told.errmsg));
    if (status === 200 && content) return content;
    throw new HubError(status >= 500 ? '91' : '107', `${this.profile.name} answered ${status}`);
  }

  /** While the platform was away, only its own answer says that it is back: a token that we hold says nothing. */
  async check(): Promise<void> {
    try {
      await (this.reachable ? this.token() : this.renew());
    } catch (error) {
      // That it is away, `reachable` says.
      if (!(error instanceof HubError)) throw error;
    }
  }

  private async token(): Promise<string> {
    if (this.kept && this.kept.until > Date.now()) return this.kept.token;
    const shared = (await this.memory.get(TOKEN_KEY)) as KeptToken | undefined;
    if (shared && shared.until > Date.now()) {
      this.kept = shared;
      return shared.token;
    }
    return this.renew();
  }

  /** Of many calls with one stale token, only the first renews it: each new token may end the one before. */
  private newerThan(stale: string): Promise<string> {
    return this.kept && this.kept.token !== stale ? Promise.resolve(this.kept.token) : this.renew();
  }

  /** One at a time; another instance may have renewed it meanwhile, and theirs is as good. */
  private renew(): Promise<string> {
    this.renewing ??= this.fetchToken().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async fetchToken(): Promise<string> {
    const shared = (await this.memory.get(TOKEN_KEY)) as KeptToken | undefined;
    if (shared && this.kept && shared.token !== this.kept.token && shared.until > Date.now()) {
      this.kept = shared;
      return shared.token;
    }
    const answer = await this.requestToken().catch((cause: unknown) => {
      // Whatever happened to it, the message itself was not sent.
      throw new HubError('91', `${this.profile.name} gives no token`, { cause });
    });
    const parsed = TokenAnswer.safeParse(answer);
    this.reachable = parsed.success;
    // Wrong credentials hold everything back until they are mended: nothing is refused to anybody for that.
    if (!parsed.success)
      throw new HubError(
        '91',
        `${this.profile.name} refuses our credentials: ${answer.errcode} ${answer.errmsg}`,
      );
    const { access_token: token, expires_in: seconds } = parsed.data;
    this.kept = { token, until: Date.now() + Math.max(seconds * 1000 - MARGIN_MS, seconds * 500) };
    await this.memory.put(TOKEN_KEY, this.kept);
    return token;
  }

  private requestToken(): Promise<Answer> {
    const { token } = this.profile;
    const { id, secret } = this.options;
    if (token.kind === 'stable')
      return this.exchange(token.path, 'POST', { grant_type: 'client_credential', appid: id, secret });
    const query = new URLSearchParams({ ...token.extra, [token.id]: id, [token.secret]: secret });
    return this.exchange(`${token.path}?${query.toString()}`, 'GET');
  }

  /** JSON.stringify leaves other scripts as they are: the platform shows escapes as they stand. */
  private async exchange(
    path: string,
    method: 'GET' | 'POST',
    body?: object,
    timeoutMs = TIMEOUT_MS,
  ): Promise<Answer> {
    try {
      const response = await fetch(this.options.url + path, {
        method,
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
        ...bodyOf(body),
      });
      const answer = Answer.safeParse(await response.json());
      if (!answer.success) throw new HubError('100', `${this.profile.name}: an answer that cannot be read`);
      return answer.data;
    } catch (thrown) {
      if (thrown instanceof HubError) throw thrown;
      throw this.failure(thrown);
    }
  }

  private failure(thrown: unknown): HubError {
    if (!requestSent(thrown)) {
      this.reachable = false;
      return new HubError('91', `${this.profile.name} cannot be reached`, { cause: thrown });
    }
    return new HubError('103', `${this.profile.name} gave no answer`, { cause: thrown });
  }
}

function query(token: string, more: Record<string, string> = {}): string {
  return new URLSearchParams({ access_token: token, ...more }).toString();
}

function bodyOf(body: object | undefined): RequestInit {
  if (body === undefined) return {};
  if (body instanceof FormData) return { body };
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

interface Downloaded {
  status: number;
  /** What the platform says where the content would be: a refusal, or another address. */
  told?: Answer | undefined;
  content?: AsyncIterable<Uint8Array> | undefined;
}

async function contentOf(response: Response): Promise<Downloaded> {
  const { status, body, headers } = response;
  const small = Number(headers.get('content-length') ?? 0) <= MAX_TOLD_BYTES;
  if (!small || !/json|text\/plain/.test(headers.get('content-type') ?? ''))
    return { status, ...(body ? { content: body } : {}) };
  const bytes = Buffer.from(await response.arrayBuffer());
  const told = readAnswer(bytes);
  return told ? { status, told } : { status, content: Readable.from([bytes]) };
}

/** Only what says a code or an address: a file of a person may be JSON too. */
function readAnswer(bytes: Buffer): Answer | undefined {
  const json = parseJson(bytes);
  const tells = typeof json === 'object' && json !== null && ('errcode' in json || 'video_url' in json);
  return tells ? Answer.safeParse(json).data : undefined;
}

/** What became of an upload does not matter: it is made again. What the platform will not have, goes in words. */
function mediaError(error: HubError): HubError {
  if (error.code === '103') return new HubError('91', error.detail, { cause: error });
  if (error.code === '61') return new HubError('105', error.detail);
  return error.verdict === 'retry' ? error : new HubError('106', error.detail);
}

function goneUnlessPassing(error: HubError): HubError {
  return error.verdict === 'retry' ? error : new HubError('107', error.detail);
}
