import createClient from 'openapi-fetch';
import type { paths } from '#openapi';
import { problemOf, unreachable } from './problem';

let csrfToken = '';
let onSignedOut = (): void => undefined;

/** Sent with each request that changes something. */
export function keepCsrfToken(token: string): void {
  csrfToken = token;
}

/** For a request that is not sent by `fetch`. */
export function csrfHeader(): [name: string, value: string][] {
  return csrfToken ? [['x-csrf-token', csrfToken]] : [];
}

/** Called when an answer says that the session has ended. */
export function whenSignedOut(call: () => void): void {
  onSignedOut = call;
}

/** Here a 401 says that the password or the code is wrong; the session goes on. */
const ASKS_PASSWORD = /\/v1\/(session|me\/(password|second-factor(\/(remove|recovery-codes))?))$/;

async function send(request: Request): Promise<Response> {
  const unsafe = request.method !== 'GET' && request.method !== 'HEAD';
  if (unsafe && csrfToken) request.headers.set('x-csrf-token', csrfToken);
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw unreachable(error);
  }
  if (response.status === 401 && !ASKS_PASSWORD.test(request.url)) onSignedOut();
  return response;
}

/** Every operation of the OpenAPI document, with its types. */
export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin', fetch: send });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** @returns the body of a success; throws the problem otherwise */
export async function answer<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request;
  if (!response.ok) throw problemOf(response.status, error, response.headers.get('retry-after'));
  return data as T;
}

/** What is edited, with its version: a change must name the version that the person saw. */
export async function versioned<T>(request: Promise<Answer<T>>): Promise<{ value: T; etag: string }> {
  const value = await answer(request);
  return { value, etag: (await request).response.headers.get('etag') ?? '' };
}

/** A request of the pages' own contract (contract.ts). */
export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const headers = new Headers(init.headers);
  if (init.body !== undefined) headers.set('content-type', 'application/json');
  const response = await send(new Request(new URL(path, location.origin), { ...init, headers }));
  const body: unknown = response.headers.get('content-type')?.includes('json')
    ? await response.json()
    : undefined;
  if (!response.ok) throw problemOf(response.status, body, response.headers.get('retry-after'));
  return body as T;
}

interface Page<T> {
  items: T[];
  next?: string | number | null;
}

/** Rows of a table at most; a screen says when there are more. */
export const MOST_ROWS = 2000;

export interface Rows<T> {
  rows: T[];
  more: boolean;
}

/** Reads pages one after the other until the end or MOST_ROWS. */
export async function allRows<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<Rows<T>> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    rows.push(...page.items);
    cursor = page.next === null || page.next === undefined ? undefined : String(page.next);
  } while (cursor !== undefined && rows.length < MOST_ROWS);
  return { rows, more: cursor !== undefined };
}
