/**
 * Replay protection: binds a nonce, or a signature that does not cover the body, to its first use, for all processes of an
 * adapter. The first value stored under a key stays, in a bucket of the network on the bus. A cache answers for nonces that
 * this process has seen.
 */
import { hash } from 'node:crypto';
import type { Bucket } from '#bus';
import { HubError } from '#protocol';
import { LruCache } from '#service';

/** Longer than any proof is valid: 300 s before to 300 s after its timestamp. */
const CACHE_MS = 15 * 60_000;
const MAX_CACHED = 200_000;
const PATIENCE_MS = 3000;

export class FirstUse {
  private readonly known = new LruCache<string, Promise<string>>({ max: MAX_CACHED, ttl: CACHE_MS });

  /** @param patienceMs how long a caller waits for the bus before `claim` throws 91 */
  constructor(
    private readonly bucket: Pick<Bucket, 'get' | 'create'>,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /**
   * @param what identifies the nonce; any text
   * @returns the value of the first use: the given one if this is the first
   * @throws HubError 91 while the bus does not answer: nothing may be accepted then
   */
  async claim(what: string, value: string): Promise<string> {
    const key = `nonce.${hash('sha256', what, 'base64url')}`;
    const known = this.known.get(key);
    if (known) return this.inTime(known);
    const stored = this.store(key, value);
    this.known.set(key, stored);
    try {
      return await this.inTime(stored);
    } catch (error) {
      // The result is unknown: the next attempt must ask the bus again.
      if (this.known.get(key) === stored) this.known.delete(key);
      throw error;
    }
  }

  /** Two processes that create a key within two minutes use the same message id, so that the bus stores only the first. */
  private async store(key: string, value: string): Promise<string> {
    const before = await this.bucket.get(key);
    if (before !== undefined) return text(before);
    await this.bucket.create(key, value);
    return text(await this.bucket.get(key));
  }

  private async inTime(stored: Promise<string>): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new HubError('91', 'the bus does not answer: try again')),
        this.patienceMs,
      );
    });
    try {
      return await Promise.race([stored, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A stored value that is not text was not written by `claim`; '' equals no claimed value. */
function text(stored: unknown): string {
  return typeof stored === 'string' ? stored : '';
}
