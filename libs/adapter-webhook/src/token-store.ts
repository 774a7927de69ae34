/** The access token of a platform, shared by all instances of an adapter through the network's bucket on the bus. */
import { z } from 'zod';
import type { Memory } from '#adapter-kit';

const TOKEN_KEY = 'access-token';
/** A token is renewed this long before its end, ms, or at half of its lifetime if that is later. */
const MARGIN_MS = 300_000;

const KeptToken = z.object({ token: z.string(), until: z.number() });
type KeptToken = z.infer<typeof KeptToken>;

export interface FreshToken {
  token: string;
  lifetimeMs: number;
}

export class TokenStore {
  private kept: KeptToken | undefined;
  private renewing: Promise<string> | undefined;

  /** @param request asks the platform for a new token */
  constructor(
    private readonly memory: Pick<Memory, 'get' | 'put'>,
    private readonly request: () => Promise<FreshToken>,
  ) {}

  /** Makes a call with the token, and once more with a newer one when the platform says that this one has ended. */
  async use<T>(call: (token: string) => Promise<T>, isStale: (answer: T) => boolean): Promise<T> {
    const token = await this.current();
    const answer = await call(token);
    return isStale(answer) ? call(await this.newerThan(token)) : answer;
  }

  async current(): Promise<string> {
    if (this.kept && this.kept.until > Date.now()) return this.kept.token;
    const shared = await this.shared();
    if (!shared) return this.renew();
    this.kept = shared;
    return shared.token;
  }

  /** Of many calls with one stale token, only the first renews it: each new token may end the one before. */
  newerThan(stale: string): Promise<string> {
    return this.kept && this.kept.token !== stale ? Promise.resolve(this.kept.token) : this.renew();
  }

  /** One request at a time; a token that another instance got meanwhile is as good. */
  renew(): Promise<string> {
    this.renewing ??= this.fetch().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async fetch(): Promise<string> {
    const shared = await this.shared();
    if (shared && this.kept && shared.token !== this.kept.token) {
      this.kept = shared;
      return shared.token;
    }
    const { token, lifetimeMs } = await this.request();
    this.kept = { token, until: Date.now() + Math.max(lifetimeMs - MARGIN_MS, lifetimeMs / 2) };
    await this.memory.put(TOKEN_KEY, this.kept);
    return token;
  }

  /** The stored token, unless it has ended. */
  private async shared(): Promise<KeptToken | undefined> {
    const stored = KeptToken.safeParse(await this.memory.get(TOKEN_KEY)).data;
    return stored && stored.until > Date.now() ? stored : undefined;
  }
}
