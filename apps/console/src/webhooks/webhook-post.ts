/** One attempt of a delivery: a POST without redirects, to a public address, with a limit of time. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { publicLookup } from '#service/public-address';
import { targetOf } from './webhook-url.js';

export interface Posted {
  /** HTTP status; null: no answer. */
  status: number | null;
  /** Why it was not delivered; null: it was. */
  error: string | null;
}

export interface PostOptions {
  privateHosts: readonly string[];
  /** ms for the whole attempt. */
  timeoutMs: number;
}

/** Time of one attempt; shorter than the lease of a delivery. */
export const ATTEMPT_MS = 10_000;

export async function post(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { privateHosts, timeoutMs }: PostOptions,
): Promise<Posted> {
  const target = targetOf(address, privateHosts);
  if ('fault' in target) return { status: null, error: target.fault };
  const { url, isPrivate } = target;
  const signal = AbortSignal.timeout(timeoutMs);
  const sending = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const request = sending(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      signal,
      // A connection of its own: one that is kept could lead to another address than the checked one.
      agent: false,
      ...(isPrivate ? {} : { lookup: publicLookup(insidePrivateNetwork) }),
    });
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      // Nothing of the answer is read: it could show what is behind an address.
      response.destroy();
      resolve({ status, error: faultOfStatus(status) });
    });
    request.on('error', (error) =>
      resolve({
        status: null,
        error: signal.aborted ? `no answer within ${timeoutMs / 1000} s` : wordsFor(error),
      }),
    );
    request.end(body);
  });
}

function faultOfStatus(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400
    ? `answered ${status}: redirects are not followed`
    : `answered ${status}`;
}

function insidePrivateNetwork(host: string): Error {
  return new Error(`${host} is inside a private network`);
}

/** Without addresses that a name was resolved to. */
function wordsFor(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case undefined:
      return error.message;
    case 'ECONNREFUSED':
      return 'the connection was refused';
    case 'ECONNRESET':
      return 'the connection was closed before an answer';
    case 'ENOTFOUND':
      return 'there is no host with this name';
    default:
      return `the connection failed: ${error.code}`;
  }
}
