/** A secret that all instances of one network's adapter share, or all processes of the hub, and no one else. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { HubError } from '#protocol';
import type { Bucket } from './bucket.js';

const KEY = 'secret';
const ATTEMPTS = 100;
const Secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/**
 * Reads the secret, or creates it: at the first start, and when the stored value is invalid. Of several instances that create
 * one, all use the one that was stored first.
 * @param bucket readable only by those instances
 */
export async function sharedSecret(bucket: Bucket): Promise<Buffer> {
  for (let attempt = 0; attempt <= ATTEMPTS; attempt++) {
    const known = Secret.safeParse(await bucket.get(KEY)).data;
    if (known !== undefined) return Buffer.from(known, 'base64url');
    // The bus refuses a reason that was used within the last two minutes; then the next one is tried.
    const why = attempt === 0 ? 'create' : `replace ${attempt}`;
    await bucket.create(KEY, randomBytes(32).toString('base64url'), why);
  }
  throw new HubError('96', `the secret in ${bucket.name} is overwritten again and again`);
}
