/** Yunxin's checksums: SHA-1 over the secret, a nonce or the MD5 of the body, and the time. */
import { createHash } from 'node:crypto';

const hex = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

/** Checksum of requests of the app's server to Yunxin. */
export function requestCheckSum(appSecret: string, nonce: string, curTime: string): string {
  return hex('sha1', appSecret + nonce + curTime);
}

export function bodyMd5(body: string): string {
  return hex('md5', body);
}

/** Checksum of copies from Yunxin to the app's server. */
export function copyCheckSum(appSecret: string, md5: string, curTime: string): string {
  return hex('sha1', appSecret + md5 + curTime);
}
