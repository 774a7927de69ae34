/** A secret that all instances of one network's adapter share, or all of the hub's own processes, and nobody else. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { HubError } from '#protocol';
import type { Bucket } from './bucket.js';

const KEY = 'secret';
const ATTEMPTS = 100;
const Secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/**
 * The secret is made at the first start, and made anew when what is stored is no secret: all instances read what was
 * stored first.
 * @param bucket that only they can read
 */
export async function sharedSecret(bucket: Bucket): Promise<Buffer> {
  for (let attempt = 0; attempt <= ATTEMPTS; attempt++) {
    const known = Secret.safeParse(await bucket.get(KEY)).data;
    if (known !== undefined) return Buffer.from(known, 'base64url');
    // A reason that was given within the last two minutes is not stored again: the next one is tried then.
    const why = attempt === 0 ? 'create' : `replace ${attempt}`;
    await bucket.create(KEY, randomBytes(32).toString('base64url'), why);
  }
  throw new HubError('96', `the secret in ${bucket.name} is overwritten again and again`);
}
