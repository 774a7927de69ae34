/** The API of a platform that takes and gives JSON, and says by HTTP status how a call ended. */
import type { z } from 'zod';
import { HubError } from '#protocol';
import { openContent, uploading } from './attachments.js';
import { answerJson, isGatewayError } from './platform-answer.js';
import { PlatformHttp } from './platform-http.js';
import { uuidOf } from './uuid-of.js';

export interface JsonApiOptions<Answer> {
  /** Of the platform, in logs and errors. */
  name: string;
  url: string;
  /** Sent as a bearer token. Absent: the address has it. */
  token?: string;
  /** Whether a call that ends so shows that no call succeeds at present: everything waits. Absent: 401, 502 to 504. */
  isAway?: (status: number, answer: Answer) => boolean;
  /** Platforms that refuse with status 200 say it in the answer. */
  isRefusal?: (answer: Answer) => boolean;
  answer: z.ZodType<Answer>;
  /** The header that takes an idempotency key, as a UUID. Absent: `postOnce` is not called. */
  keyHeader?: string;
  errorOf: (status: number, answer: Answer) => HubError;
}

const UPLOAD_MS = 120_000;

export class JsonApi<Answer> {
  readonly http: PlatformHttp;

  constructor(private readonly options: JsonApiOptions<Answer>) {
    this.http = new PlatformHttp(options.name);
  }

  /** @throws HubError; 91 when there was no answer */
  get(path: string): Promise<Answer> {
    return this.http.askAgain(...this.request(path, {}));
  }

  /** @param body sent as JSON, unless it is a form, which may contain files. @throws HubError; 103 when there was no answer */
  post(path: string, body: object | FormData | URLSearchParams): Promise<Answer> {
    return body instanceof FormData
      ? this.http.ask(...this.request(path, { method: 'POST', body }), UPLOAD_MS)
      : this.http.ask(...this.request(path, post(body)));
  }

  /**
   * The platform carries it out once, however often it is called.
   * @param key any text. @throws HubError; 91 when there was no answer
   */
  postOnce(path: string, body: object, key: string): Promise<Answer> {
    return this.http.askAgain(...this.request(path, post(body), uuidOf(key)));
  }

  /** A call that sets a state: a repetition changes nothing. @throws HubError; 91 when there was no answer */
  set(path: string, body: object): Promise<Answer> {
    return this.http.askAgain(...this.request(path, post(body)));
  }

  /** Uploads a file; may be repeated. @throws HubError 105 or 106 when it is refused; 91, 65 */
  async upload(path: string, form: FormData): Promise<Answer> {
    return uploading(this.http.ask(...this.request(path, { method: 'POST', body: form }), UPLOAD_MS));
  }

  /** The content of an attachment at this platform. @throws HubError 107 gone, 91 */
  content(url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return openContent(this.options.name, url, { signal, headers: this.authorization });
  }

  private get authorization(): Record<string, string> {
    const { token } = this.options;
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** @param key the platform recognises the call by it */
  private request(path: string, init: RequestInit, key?: string) {
    const { keyHeader = 'idempotency-key' } = this.options;
    // `fetch` names the type of a form, and the boundary that it chooses.
    const isForm = init.body instanceof FormData || init.body instanceof URLSearchParams;
    const type = isForm ? {} : { 'content-type': 'application/json' };
    const headers = { ...this.authorization, ...type, ...(key === undefined ? {} : { [keyHeader]: key }) };
    const read = async (response: Response): Promise<Answer> => {
      const json = await answerJson(response);
      if (json === undefined && response.ok)
        throw new HubError('103', `${this.options.name} answered what is not JSON`);
      // An error of a proxy is a page: its status says what became of the call.
      const answer = this.options.answer.parse(json ?? {});
      // With a wrong token everything waits until the operator corrects it; nothing is refused to senders.
      const { isAway = (status) => status === 401 || isGatewayError(status) } = this.options;
      this.http.reachable = !isAway(response.status, answer);
      // 409: the call with this idempotency key was accepted before. Without a key it is a refusal.
      const taken = response.ok || (key !== undefined && response.status === 409);
      if (taken && !this.options.isRefusal?.(answer)) return answer;
      throw this.options.errorOf(response.status, answer);
    };
    return [this.options.url + path, { ...init, headers }, read] as const;
  }
}

function post(body: object | URLSearchParams): RequestInit {
  return { method: 'POST', body: body instanceof URLSearchParams ? body : JSON.stringify(body) };
}
