/**
 * Who a request is from, by digest. A nonce carries its own time, sealed, so that challenges cost no memory. It is good for the address
 * that it was given to alone, so that nobody can guess, or be slowed down, in the name of an address that is not theirs.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { LruCache, secretsEqual, type WrongProofs } from '#service';
import type { Clock } from '#adapter-session';
import { digestOf, parseCredentials, printChallenge, type Algorithm, type Credentials } from './digest.js';
import type { Header, SipRequest } from './sip-message.js';

/** A nonce is good for so long; after that its holder is asked again, with `stale`, and no person notices. */
const NONCE_MS = 300_000;
const MOST_NONCES = 50_000;

/** waitMs: wrong digests came from the address, and no digest of it is looked at for so long. */
export type Proof = { proven: true; user: string } | { proven: false; stale: boolean; waitMs: number };

export interface AuthenticatorOptions {
  realm: string;
  algorithms: readonly Algorithm[];
  clock: Clock;
  passwordOf(user: string): string | undefined;
  proofs: WrongProofs;
}

export class Authenticator {
  private readonly key = randomBytes(32);
  /** The highest count that each nonce was used with: an overheard request cannot be sent again. */
  private readonly counts = new LruCache<string, number>({ max: MOST_NONCES, ttl: NONCE_MS });

  constructor(private readonly options: AuthenticatorOptions) {}

  /**
   * @param name Authorization, or Proxy-Authorization, in lower case
   * @param address from which the request came
   */
  async verify(
    request: SipRequest,
    name: 'authorization' | 'proxy-authorization',
    address: string,
  ): Promise<Proof> {
    const { realm, algorithms, proofs } = this.options;
    let stale = false;
    for (const [known, value] of request.headers) {
      const credentials = known === name ? parseCredentials(value) : undefined;
      if (!credentials || credentials.realm !== realm || !algorithms.includes(credentials.algorithm))
        continue;
      if (!this.isOurs(credentials.nonce, address)) {
        stale = true;
        continue;
      }
      const claim = { address, account: credentials.user };
      const verdict = await proofs.check(claim, () => this.isRight(credentials, request.method));
      if (verdict === 'wait') return { proven: false, stale: false, waitMs: proofs.waitMs(claim) };
      if (verdict === 'wrong') continue;
      if (this.isCounted(credentials)) return { proven: true, user: credentials.user };
      stale = true;
    }
    return { proven: false, stale, waitMs: 0 };
  }

  /** One challenge for each algorithm, the preferred first (RFC 8760 §2.3). */
  challenges(name: 'www-authenticate' | 'proxy-authenticate', stale: boolean, address: string): Header[] {
    const { realm, algorithms } = this.options;
    const nonce = this.makeNonce(address);
    return algorithms.map((algorithm) => [name, printChallenge(realm, nonce, algorithm, stale)]);
  }

  private isRight(
    { user, realm, nonce, uri, algorithm, counted, response }: Credentials,
    method: string,
  ): boolean {
    const password = this.options.passwordOf(user);
    if (password === undefined) return false;
    const input = { algorithm, user, realm, password, method, uri, nonce };
    return secretsEqual(digestOf({ ...input, ...(counted ? { counted } : {}) }), response);
  }

  private isOurs(nonce: string, address: string): boolean {
    const [time = '', random = '', seal = ''] = nonce.split('.');
    if (!secretsEqual(seal, this.seal(`${time}.${random}`, address))) return false;
    return this.options.clock.now() - Number.parseInt(time, 36) <= NONCE_MS;
  }

  private isCounted({ nonce, counted }: Credentials): boolean {
    const count = counted ? Number.parseInt(counted.nc, 16) : 1;
    if (count <= (this.counts.get(nonce) ?? 0)) return false;
    this.counts.set(nonce, count);
    return true;
  }

  private makeNonce(address: string): string {
    const open = `${Math.floor(this.options.clock.now()).toString(36)}.${randomBytes(9).toString('base64url')}`;
    return `${open}.${this.seal(open, address)}`;
  }

  private seal(open: string, address: string): string {
    return createHmac('sha256', this.key).update(`${open} ${address}`).digest('base64url').slice(0, 22);
  }
}
