/** A secret that all instances of one network's adapter share, or all of the hub's own processes, and nobody else. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Bucket } from './bucket.js';

const KEY = 'secret';
const Secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/**
 * The secret is made at the first start, and made anew when what is stored is no secret: all instances read what was
 * stored first.
 * @param bucket that only they can read
 */
export async function ownSecret(bucket: Bucket): Promise<Buffer> {
  const stored = await bucket.get(KEY);
  const known = Secret.safeParse(stored).data;
  if (known !== undefined) return Buffer.from(known, 'base64url');
  const why = stored === undefined ? 'create' : 'replace';
  await bucket.create(KEY, randomBytes(32).toString('base64url'), why);
  return Buffer.from(Secret.parse(await bucket.get(KEY)), 'base64url');
}
