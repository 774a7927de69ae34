/**
 * Proof of who speaks, in both directions: HMAC-SHA-256 with the shared key over time, nonce, method, path and body.
 * A nonce counts once; what was signed before this process started, or too long ago, does not count at all.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { HubError } from '#protocol';
import { sameSecret } from '#service';

export interface SignedHeaders {
  'hutong-timestamp': string;
  'hutong-nonce': string;
  'hutong-signature': string;
}

const SKEW_S = 300;
const MAX_NONCES = 500_000;

export function sign(
  key: string,
  method: string,
  path: string,
  body: string,
  now = Date.now(),
): SignedHeaders {
  const [timestamp, nonce] = [String(Math.floor(now / 1000)), randomBytes(16).toString('hex')];
  return {
    'hutong-timestamp': timestamp,
    'hutong-nonce': nonce,
    'hutong-signature': `v1=${digest(key, timestamp, nonce, method, path, body)}`,
  };
}

export class Verifier {
  private readonly seen = new LRUCache<string, true>({ max: MAX_NONCES, ttl: 2 * SKEW_S * 1000 });
  private readonly startedAt = Math.floor(Date.now() / 1000);

  constructor(private readonly key: string) {}

  /** @throws HubError 31, with words that say what to mend */
  check(headers: Partial<SignedHeaders>, method: string, path: string, body: string, now = Date.now()): void {
    const {
      'hutong-timestamp': timestamp = '',
      'hutong-nonce': nonce = '',
      'hutong-signature': given = '',
    } = headers;
    if (!sameSecret(given, `v1=${digest(this.key, timestamp, nonce, method, path, body)}`))
      throw new HubError('31', 'the signature is wrong: it covers timestamp.nonce.method.path.body');
    const at = Number(timestamp);
    if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - at) > SKEW_S || at < this.startedAt - 1)
      throw new HubError('31', 'signed too long ago: sign again, and check your clock');
    if (!/^[\w-]{8,128}$/.test(nonce))
      throw new HubError('31', 'the nonce must have 8 to 128 letters and digits');
    if (this.seen.has(nonce)) throw new HubError('31', 'this nonce was used before: sign again');
    this.seen.set(nonce, true);
  }
}

function digest(key: string, ...parts: string[]): string {
  return createHmac('sha256', key).update(parts.join('.')).digest('hex');
}
