/** The client API of a homeserver as one signed-in user calls it. */
import { openAsBlob } from 'node:fs';
import { fetchBytes } from '#phones';
import type { Json } from './matrix.reading.js';

export class HomeserverApi {
  private constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  static async logIn(baseUrl: string, user: string, password: string): Promise<HomeserverApi> {
    const response = await fetch(`${baseUrl}/_matrix/client/v3/login`, {
      method: 'POST',
      body: JSON.stringify({
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user },
        password,
      }),
    });
    if (!response.ok) throw new Error(`login of ${user}: ${response.status}`);
    const { access_token: token } = (await response.json()) as { access_token: string };
    return new HomeserverApi(baseUrl, token);
  }

  /** @throws Error that begins with "no answer" when the request may be repeated */
  async call<T = Json>(method: string, path: string, body?: Json, timeoutMs = 60_000): Promise<T> {
    const init = {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(timeoutMs),
    };
    const response = await fetch(`${this.baseUrl}/_matrix/client/v3${path}`, init).catch((error: unknown) => {
      throw new Error(`no answer: ${String(error)}`);
    });
    if (!response.ok)
      throw new Error(
        `${response.status >= 500 ? 'no answer' : method} ${path}: ${response.status} ${await response.text()}`,
      );
    return (await response.json()) as T;
  }

  /** @returns the mxc address */
  async upload(path: string, name: string, type: string): Promise<string> {
    const blob = await openAsBlob(path, { type });
    const response = await fetch(
      `${this.baseUrl}/_matrix/media/v3/upload?filename=${encodeURIComponent(name)}`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${this.token}`, 'content-type': type },
        body: blob,
      },
    );
    return ((await response.json()) as { content_uri: string }).content_uri;
  }

  download(mxc: string, mostBytes?: number): Promise<Buffer> {
    const path = mxc.replace('mxc://', '/_matrix/client/v1/media/download/');
    return fetchBytes(this.baseUrl + path, {
      headers: { authorization: `Bearer ${this.token}` },
      mostBytes,
    });
  }
}
