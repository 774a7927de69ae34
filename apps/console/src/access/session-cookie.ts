/** The cookie of a session, and the token against cross-site requests that follows from it. Pure. */
import { createHash } from 'node:crypto';

export const SESSION_COOKIE = 'hutong_session';
const TOKEN = /^hs_[\w-]{43}$/;

/** @returns undefined if there is no session cookie, or it has another form than ours */
export function sessionTokenIn(cookies: string | undefined): string | undefined {
  const token = cookieIn(cookies, SESSION_COOKIE);
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** The first cookie with this name. */
export function cookieIn(cookies: string | undefined, name: string): string | undefined {
  for (const one of (cookies ?? '').split(';')) {
    const [key = '', ...value] = one.split('=');
    if (key.trim() === name) return value.join('=').trim();
  }
  return undefined;
}

/** Another prefix than that of API keys, so that the token of a session is no key. */
export function hashOfSession(token: string): string {
  return createHash('sha256').update(`session ${token}`).digest('hex');
}

/** Only a page of the console can read this value, from `/v1/me`. */
export function csrfTokenOf(token: string): string {
  return createHash('sha256').update(`csrf ${token}`).digest('base64url');
}

/** @param seconds until the browser forgets it; 0: at once */
export function sessionCookie(token: string, seconds: number, secure: boolean): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${Math.floor(seconds)}`];
  return [`${SESSION_COOKIE}=${token}`, ...attributes, ...(secure ? ['Secure'] : [])].join('; ');
}
