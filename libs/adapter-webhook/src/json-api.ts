/** The API of a platform that takes and gives JSON, and says by HTTP status how a call ended. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { HubError } from '#protocol';
import { openContent } from './attachments.js';
import { PlatformHttp } from './platform-http.js';

export interface JsonApiOptions<Answer> {
  /** Of the platform, in logs and errors. */
  name: string;
  url: string;
  token: string;
  answer: z.ZodType<Answer>;
  /** The header that takes an idempotency key, as a UUID. */
  keyHeader: string;
  errorOf: (status: number, answer: Answer) => HubError;
}

export class JsonApi<Answer> {
  readonly http: PlatformHttp;

  constructor(private readonly options: JsonApiOptions<Answer>) {
    this.http = new PlatformHttp(options.name);
  }

  /** @throws HubError; 91 when there was no answer */
  get(path: string): Promise<Answer> {
    return this.http.askAgain(...this.request(path, {}));
  }

  /** @throws HubError; 103 when there was no answer */
  post(path: string, body: object): Promise<Answer> {
    return this.http.ask(...this.request(path, post(body)));
  }

  /**
   * The platform carries it out once, however often it is called.
   * @param key any text. @throws HubError; 91 when there was no answer
   */
  postOnce(path: string, body: object, key: string): Promise<Answer> {
    return this.http.askAgain(...this.request(path, post(body), { [this.options.keyHeader]: uuidOf(key) }));
  }

  /** The content of an attachment at this platform. @throws HubError 107 gone, 91 */
  content(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return openContent(this.options.name, url, { signal, headers: this.authorization });
  }

  private get authorization(): Record<string, string> {
    return { authorization: `Bearer ${this.options.token}` };
  }

  private request(path: string, init: RequestInit, more: Record<string, string> = {}) {
    const headers = { ...this.authorization, 'content-type': 'application/json', ...more };
    const read = async (response: Response): Promise<Answer> => {
      const answer = this.options.answer.parse(await response.json());
      // With a wrong token everything waits until the operator corrects it; nothing is refused to senders.
      this.http.reachable = response.status !== 401;
      // 409: the call with this idempotency key was accepted before.
      if (response.ok || response.status === 409) return answer;
      throw this.options.errorOf(response.status, answer);
    };
    return [this.options.url + path, { ...init, headers }, read] as const;
  }
}

function post(body: object): RequestInit {
  return { method: 'POST', body: JSON.stringify(body) };
}

function uuidOf(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex');
  const [one, two, three, four, five] = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ].map(([from, end]) => hex.slice(from, end));
  return `${one}-${two}-${three}-${four}-${five}`;
}
