/** Yunxin signs with plain hashes: SHA-1 over the secret, and MD5 over what it copies to the app's server. */
import { createHash } from 'node:crypto';

const hex = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

/** Of what the app's server asks of Yunxin. */
export function requestCheckSum(appSecret: string, nonce: string, curTime: string): string {
  return hex('sha1', appSecret + nonce + curTime);
}

export function bodyMd5(body: string): string {
  return hex('md5', body);
}

/** Of what Yunxin copies to the app's server. */
export function copyCheckSum(appSecret: string, md5: string, curTime: string): string {
  return hex('sha1', appSecret + md5 + curTime);
}
