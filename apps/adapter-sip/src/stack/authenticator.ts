/** Who a request is from, by digest. A nonce carries its own time, sealed, so that challenges cost no memory. */
import { createHmac, randomBytes } from 'node:crypto';
import { LruCache, secretsEqual } from '#service';
import type { Clock } from '#adapter-session';
import { digestOf, parseCredentials, printChallenge, type Algorithm, type Credentials } from './digest.js';
import type { Header, SipRequest } from './sip-message.js';

/** A nonce is good for so long; after that its holder is asked again, with `stale`, and no person notices. */
const NONCE_MS = 300_000;
const MOST_NONCES = 50_000;

export type Proof = { proven: true; user: string } | { proven: false; stale: boolean };

export interface AuthenticatorOptions {
  realm: string;
  algorithms: readonly Algorithm[];
  clock: Clock;
  passwordOf(user: string): string | undefined;
}

export class Authenticator {
  private readonly key = randomBytes(32);
  /** The highest count that each nonce was used with: an overheard request cannot be sent again. */
  private readonly counts = new LruCache<string, number>({ max: MOST_NONCES, ttl: NONCE_MS });

  constructor(private readonly options: AuthenticatorOptions) {}

  /** @param name Authorization, or Proxy-Authorization, in lower case */
  verify(request: SipRequest, name: 'authorization' | 'proxy-authorization'): Proof {
    let stale = false;
    for (const [known, value] of request.headers) {
      const credentials = known === name ? parseCredentials(value) : undefined;
      if (!credentials || !this.isRight(credentials, request.method)) continue;
      if (this.isFresh(credentials)) return { proven: true, user: credentials.user };
      stale = true;
    }
    return { proven: false, stale };
  }

  /** One challenge for each algorithm, the preferred first (RFC 8760 §2.3). */
  challenges(name: 'www-authenticate' | 'proxy-authenticate', stale: boolean): Header[] {
    const { realm, algorithms } = this.options;
    const nonce = this.makeNonce();
    return algorithms.map((algorithm) => [name, printChallenge(realm, nonce, algorithm, stale)]);
  }

  private isRight(
    { user, realm, nonce, uri, algorithm, counted, response }: Credentials,
    method: string,
  ): boolean {
    if (realm !== this.options.realm || !this.options.algorithms.includes(algorithm)) return false;
    const password = this.options.passwordOf(user);
    if (password === undefined) return false;
    const input = { algorithm, user, realm, password, method, uri, nonce };
    return secretsEqual(digestOf({ ...input, ...(counted ? { counted } : {}) }), response);
  }

  private isFresh({ nonce, counted }: Credentials): boolean {
    const [time = '', random = '', seal = ''] = nonce.split('.');
    if (!secretsEqual(seal, this.seal(`${time}.${random}`))) return false;
    if (this.options.clock.now() - Number.parseInt(time, 36) > NONCE_MS) return false;
    const count = counted ? Number.parseInt(counted.nc, 16) : 1;
    if (count <= (this.counts.get(nonce) ?? 0)) return false;
    this.counts.set(nonce, count);
    return true;
  }

  private makeNonce(): string {
    const open = `${Math.floor(this.options.clock.now()).toString(36)}.${randomBytes(9).toString('base64url')}`;
    return `${open}.${this.seal(open)}`;
  }

  private seal(open: string): string {
    return createHmac('sha256', this.key).update(open).digest('base64url').slice(0, 22);
  }
}
