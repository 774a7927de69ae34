/**
 * Signatures of requests in both directions: HMAC-SHA-256 with the shared key over time, nonce, method, path and body.
 * A nonce is accepted once, across all processes of the adapter.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { HubError } from '#protocol';
import { secretsEqual } from '#service';

export interface SignedHeaders {
  'hutong-timestamp': string;
  'hutong-nonce': string;
  'hutong-signature': string;
}

/** Remembers the first use of a nonce. */
export interface Nonces {
  claim(what: string, value: string): Promise<string>;
}

const SKEW_S = 300;

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
    'hutong-signature': `v1=${digest(key, [timestamp, nonce, method, path], body)}`,
  };
}

export class Verifier {
  constructor(private readonly key: string) {}

  /** Presence, form and time of the headers, before a body is read. @throws HubError 31 */
  checkForm(headers: Partial<SignedHeaders>, now = Date.now()): void {
    const {
      'hutong-timestamp': timestamp = '',
      'hutong-nonce': nonce = '',
      'hutong-signature': given = '',
    } = headers;
    if (!/^v1=[0-9a-f]{64}$/.test(given)) throw new HubError('31', 'there is no signature');
    if (!/^[\w-]{8,128}$/.test(nonce))
      throw new HubError('31', 'the nonce must have 8 to 128 letters and digits');
    if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > SKEW_S)
      throw new HubError('31', 'signed too long ago');
  }

  /** @throws HubError 31, or 91 while the nonce cannot be looked up */
  async check(
    headers: Partial<SignedHeaders>,
    method: string,
    path: string,
    body: string | Buffer,
    nonces: Nonces,
    now = Date.now(),
  ): Promise<void> {
    this.checkForm(headers, now);
    const {
      'hutong-timestamp': timestamp = '',
      'hutong-nonce': nonce = '',
      'hutong-signature': given = '',
    } = headers;
    if (!secretsEqual(given, `v1=${digest(this.key, [timestamp, nonce, method, path], body)}`))
      throw new HubError('31', 'the signature is wrong');
    const use = randomUUID();
    if ((await nonces.claim(nonce, use)) !== use) throw new HubError('31', 'this nonce was used before');
  }
}

function digest(key: string, parts: string[], body: string | Buffer): string {
  return createHmac('sha256', key)
    .update(`${parts.join('.')}.`)
    .update(body)
    .digest('hex');
}
