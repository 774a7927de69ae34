/** The bot API for tests without a network: it takes every call, and what comes is recorded. */
import type { PlatformHttp } from '#adapter-webhook';

export interface Call {
  call: string;
  body: unknown;
}

const TOKEN = { access_token: 'T', expires_in: '7200' };

/** @returns calls with a body, as they come, without those for a token */
export function answersAll(http: PlatformHttp): Call[] {
  const calls: Call[] = [];
  http.ask = (url, { method = 'GET', body }, read) => {
    const { pathname } = new URL(url);
    if (pathname.endsWith('/getAppAccessToken')) return read(Response.json(TOKEN));
    if (typeof body === 'string')
      calls.push({ call: `${method} ${pathname}`, body: JSON.parse(body) as unknown });
    return read(Response.json({ id: `native-${calls.length}`, file_info: 'F' }));
  };
  return calls;
}
