/** Calls to the platform's API, with a token that all instances share. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Connectivity, Memory } from '#adapter-kit';
import type { MediaFile } from '#media';
import {
  answerJson,
  downloadError,
  PlatformHttp,
  statusError,
  TokenStore,
  uploading,
  type FreshToken,
} from '#adapter-webhook';
import { HubError, parseJson, type MediaKind } from '#protocol';
import { isStaleToken, platformError } from './platform.errors.js';
import type { PlatformProfile } from './profile.js';

const Answer = z.looseObject({ errcode: z.number().default(0), errmsg: z.string().default('') });
type Answer = z.infer<typeof Answer>;
const TokenAnswer = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() });
export interface ClientOptions {
  url: string;
  id: string;
  secret: string;
}

const UPLOAD_MS = 120_000;
/** A refusal instead of a file is JSON of at most this size, bytes. Nothing larger is kept in memory. */
const MAX_REFUSAL_BYTES = 64 * 1024;

export class PlatformClient {
  readonly http: PlatformHttp;
  private readonly tokens: TokenStore;

  constructor(
    private readonly profile: PlatformProfile,
    private readonly options: ClientOptions,
    memory: Pick<Memory, 'get' | 'put'>,
  ) {
    this.http = new PlatformHttp(profile.name);
    this.tokens = new TokenStore(memory, () => this.requestToken());
  }

  /** Whether the last call reached the platform. */
  get connectivity(): Connectivity {
    return this.http.connectivity;
  }

  get reachable(): boolean {
    return this.http.reachable;
  }

  /**
   * @throws HubError by the platform's errcode; 91 when the call was not made; 103 when its result is unknown
   */
  async call(path: string, body: object): Promise<Answer> {
    return this.withToken((token) => this.exchange(`${path}?${query(token)}`, 'POST', body));
  }

  /** @throws HubError as `call` */
  async look(path: string, parameters: Record<string, string>): Promise<Answer> {
    return this.withToken((token) => this.exchange(`${path}?${query(token, parameters)}`, 'GET'));
  }

  private async withToken(ask: (token: string) => Promise<Answer>): Promise<Answer> {
    const answer = await this.tokens.use(ask, ({ errcode }) => isStaleToken(errcode));
    this.http.reachable = true;
    if (answer.errcode !== 0) throw platformError(this.profile, answer.errcode, answer.errmsg);
    return answer;
  }

  /**
   * Uploads an attachment, which can be sent within three days. May be repeated.
   * @returns its media_id. @throws HubError 105 too large, 106 not accepted; 91, 65: another attempt may succeed
   */
  async upload(type: MediaKind | 'thumb', file: MediaFile): Promise<string> {
    const form = new FormData();
    form.append('media', await file.blob(), file.filename);
    const path = (token: string) => `${this.profile.media.upload}?${query(token, { type })}`;
    const answer = await uploading(
      this.withToken((token) => this.exchange(path(token), 'POST', form, UPLOAD_MS)),
    );
    const id = answer['media_id'] ?? answer['thumb_media_id'];
    if (typeof id !== 'string') throw new HubError('106', `${this.profile.name} gave no media_id`);
    return id;
  }

  /** Downloads an attachment that a person sent. @throws HubError 107 no longer available; 91, 65: another attempt may succeed */
  async download(mediaId: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | { url: string }> {
    const path = (token: string) => `${this.profile.media.download}?${query(token, { media_id: mediaId })}`;
    const open = async (token: string) =>
      fetch(this.options.url + path(token), { signal, redirect: 'error' }).catch((cause: unknown) => {
        throw new HubError('91', `${this.profile.name} gives no media`, { cause });
      });
    const token = await this.tokens.current();
    let found = await contentOf(await open(token));
    if (found.told && isStaleToken(found.told.errcode))
      found = await contentOf(await open(await this.tokens.newerThan(token)));
    const { told, content, status } = found;
    if (told && typeof told['video_url'] === 'string') return { url: told['video_url'] };
    if (told && told.errcode !== 0)
      throw downloadError(platformError(this.profile, told.errcode, told.errmsg));
    if (status === 200 && content) return content;
    throw statusError(this.profile.name, status);
  }

  /** After an outage only a response of the platform shows that it is reachable again; a cached token does not. */
  async check(): Promise<void> {
    try {
      await (this.reachable ? this.tokens.current() : this.tokens.renew());
    } catch (error) {
      // `reachable` reports that the platform cannot be reached.
      if (!(error instanceof HubError)) throw error;
    }
  }

  private async requestToken(): Promise<FreshToken> {
    const answer = await this.askForToken().catch((cause: unknown) => {
      // The message itself was not sent, whatever the result of this request.
      throw new HubError('91', `${this.profile.name} gives no token`, { cause });
    });
    const parsed = TokenAnswer.safeParse(answer);
    this.http.reachable = parsed.success;
    // With wrong credentials messages wait until the operator corrects them; senders get no error.
    if (!parsed.success)
      throw new HubError(
        '91',
        `${this.profile.name} refuses our credentials: ${answer.errcode} ${answer.errmsg}`,
      );
    return { token: parsed.data.access_token, lifetimeMs: parsed.data.expires_in * 1000 };
  }

  private askForToken(): Promise<Answer> {
    const { token } = this.profile;
    const { id, secret } = this.options;
    if (token.kind === 'stable')
      return this.exchange(token.path, 'POST', { grant_type: 'client_credential', appid: id, secret });
    const query = new URLSearchParams({ ...token.extra, [token.id]: id, [token.secret]: secret });
    return this.exchange(`${token.path}?${query.toString()}`, 'GET');
  }

  /** JSON.stringify does not escape non-ASCII characters: the platform would show the escapes to people. */
  private exchange(path: string, method: 'GET' | 'POST', body?: object, timeoutMs?: number): Promise<Answer> {
    return this.http.ask(
      this.options.url + path,
      { method, ...bodyOf(body) },
      async (response) => {
        const json = await answerJson(response);
        if (json === undefined) throw new HubError('103', `${this.profile.name} answered what is not JSON`);
        const answer = Answer.safeParse(json);
        if (!answer.success) throw new HubError('100', `${this.profile.name}: an answer that cannot be read`);
        return answer.data;
      },
      timeoutMs,
    );
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
  /** Reads a response that contains no content but an error or another URL. */
  told?: Answer | undefined;
  content?: AsyncIterable<Uint8Array> | undefined;
}

async function contentOf({ status, body, headers }: Response): Promise<Downloaded> {
  if (!body) return { status };
  if (!/json|text\/plain/.test(headers.get('content-type') ?? '')) return { status, content: body };
  const chunks = body[Symbol.asyncIterator]();
  const beginning: Uint8Array[] = [];
  for (let size = 0; size <= MAX_REFUSAL_BYTES;) {
    const { value, done } = await chunks.next();
    if (done) {
      const bytes = Buffer.concat(beginning);
      const told = readAnswer(bytes);
      return told ? { status, told } : { status, content: Readable.from([bytes]) };
    }
    beginning.push(value);
    size += value.length;
  }
  return { status, content: rejoined(beginning, chunks) };
}

/** What was read already, and the rest as it comes. */
async function* rejoined(
  beginning: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* beginning;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    // Whoever reads no further ends the connection.
    await rest.return?.();
  }
}

/** Only JSON with an error code or a URL: a person's file may be JSON as well. */
function readAnswer(bytes: Buffer): Answer | undefined {
  const json = parseJson(bytes);
  const tells = typeof json === 'object' && json !== null && ('errcode' in json || 'video_url' in json);
  return tells ? Answer.safeParse(json).data : undefined;
}
