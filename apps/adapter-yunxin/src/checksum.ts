/** Checksums of the Yunxin server API: for our requests and for message copies. Pure. */
import { createHash } from 'node:crypto';
import { HubError } from '#protocol';
import { secretsEqual } from '#service';

const SKEW_MS = 300_000;

export function checksum(appSecret: string, nonce: string, time: string): string {
  return createHash('sha1')
    .update(appSecret + nonce + time)
    .digest('hex');
}

export interface CopyHeaders {
  md5?: string | undefined;
  curtime?: string | undefined;
  checksum?: string | undefined;
}

/** Checks form and time of the checksum headers before the body is read. @throws HubError 31 */
export function checkCopyForm(headers: CopyHeaders, now = Date.now()): void {
  const { md5 = '', curtime: time = '', checksum: given = '' } = headers;
  if (!/^[0-9a-f]{32}$/i.test(md5) || !/^[0-9a-f]{40}$/i.test(given))
    throw new HubError('31', 'the copy has no checksum');
  if (!/^\d{1,15}$/.test(time) || Math.abs(now - Number(time)) > SKEW_MS)
    throw new HubError('31', 'the copy was signed too long ago');
}

/** Verifies a copy: its MD5 covers the body, its checksum covers secret, MD5 and time (ms). @throws HubError 31 */
export function checkCopy(
  headers: CopyHeaders,
  body: string | Buffer,
  appSecret: string,
  now = Date.now(),
): void {
  const { md5 = '', curtime: time = '', checksum: given = '' } = headers;
  const proven =
    secretsEqual(given.toLowerCase(), checksum(appSecret, md5, time)) &&
    createHash('md5').update(body).digest('hex') === md5.toLowerCase();
  if (!proven) throw new HubError('31', 'the copy has a wrong checksum');
  checkCopyForm(headers, now);
}
