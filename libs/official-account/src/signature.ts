/** The signature of all platforms of the WeChat family: SHA-1 of the sorted, joined parts. Pure. */
import { createHash } from 'node:crypto';
import { HubError } from '#protocol';
import { secretsEqual } from '#service';

/** Maximum difference between the timestamp of a callback and the adapter's clock, in either direction. */
const SKEW_S = 300;

export function signatureOf(...parts: string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex');
}

/** Checks, before a hash is computed, the form of the proof and that its timestamp is near the adapter's clock. @throws HubError 31 */
export function checkForm(given: string, timestamp: string, nonce: string, now = Date.now()): void {
  if (!/^[0-9a-f]{40}$/i.test(given)) throw new HubError('31', 'the callback is not signed');
  if (!/^[\x21-\x7e]{1,128}$/.test(nonce)) throw new HubError('31', 'the callback has no nonce');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > SKEW_S)
    throw new HubError('31', 'the callback was signed too long ago');
}

/** @throws HubError 31 */
export function checkSignature(given: string, parts: string[], timestamp: string, now = Date.now()): void {
  if (!secretsEqual(given.toLowerCase(), signatureOf(...parts)))
    throw new HubError('31', 'the callback has a wrong signature');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > SKEW_S)
    throw new HubError('31', 'the callback was signed too long ago');
}
