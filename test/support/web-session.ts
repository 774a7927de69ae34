/** A browser with a session of the web console: keeps the cookie, and sends it with the token against cross-site requests. */
import type { Answer, ConsoleFixture } from './console-fixture.js';

interface Given {
  user: string;
  password: string;
  code?: string;
}

export class WebSession {
  private constructor(
    private readonly console: ConsoleFixture,
    readonly cookie: string,
    readonly csrf: string,
  ) {}

  static async signIn(
    console: ConsoleFixture,
    given: Given,
    headers: Record<string, string> = {},
  ): Promise<WebSession> {
    const answer = await trySignIn(console, given, headers);
    if (answer.status !== 200) throw new Error(`sign-in: ${JSON.stringify(answer.body)}`);
    return new WebSession(console, cookieOf(answer), (answer.body as { csrfToken: string }).csrfToken);
  }

  /** @param headers instead of those that the pages of the console send */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = { 'x-csrf-token': this.csrf },
  ): Promise<Answer<T>> {
    return this.console.call<T>(undefined, method, path, body, { cookie: this.cookie, ...headers });
  }
}

export function trySignIn(
  console: ConsoleFixture,
  given: Given,
  headers: Record<string, string> = {},
): Promise<Answer<Record<string, unknown>>> {
  return console.call(undefined, 'POST', '/v1/session', given, headers);
}

/** `name=value` of the cookie that an answer sets. */
export function cookieOf({ headers }: Pick<Answer<unknown>, 'headers'>): string {
  return headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
