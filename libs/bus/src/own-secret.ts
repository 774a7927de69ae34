/** A secret that all instances of one network's adapter share, or all of the hub's own processes, and nobody else. */
import { randomBytes } from 'node:crypto';
import type { Bucket } from './bucket.js';

const KEY = 'secret';

/** @param bucket that only they can read; the secret is made at the first start */
export async function ownSecret(bucket: Bucket): Promise<Buffer> {
  const known = await bucket.get(KEY);
  if (known === undefined) await bucket.create(KEY, randomBytes(32).toString('base64url'));
  return Buffer.from((known ?? (await bucket.get(KEY))) as string, 'base64url');
}
