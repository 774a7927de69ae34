/** Access tokens of two independent interfaces (the old one and the stable one), each with a short overlap. */
import { ApiError } from './codes.js';
import type { Clock } from './clock.js';
import { unguessable } from './ids.js';

const LIFE = 7_200_000;
const OVERLAP = 300_000;
const DAY = 86_400_000;

interface Token {
  value: string;
  until: number;
  /** Ended by a newer token, not by age. */
  superseded: boolean;
}

export class Tokens {
  private readonly all = new Map<string, Token>();
  private latest: Token | undefined;
  private stableLatest: Token | undefined;
  private forced: number[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly unknownCode: number,
  ) {}

  /** Issues a new token; the previous one stays valid for five minutes. */
  fresh(): { access_token: string; expires_in: number } {
    if (this.latest) this.end(this.latest, OVERLAP);
    this.latest = this.make();
    return this.answer(this.latest);
  }

  /** Returns the current token while it is valid. */
  kept(): { access_token: string; expires_in: number } {
    if (!this.latest || this.latest.until <= this.clock.now()) this.latest = this.make();
    return this.answer(this.latest);
  }

  stable(force: boolean): { access_token: string; expires_in: number } {
    if (force) this.checkForce();
    const now = this.clock.now();
    const current = this.stableLatest;
    if (current && !force && current.until - now > OVERLAP) return this.answer(current);
    if (current && force) this.end(current, 0);
    this.stableLatest = this.make();
    return this.answer(this.stableLatest);
  }

  check(value: string | null): void {
    if (!value) throw new ApiError(41001);
    const token = this.all.get(value);
    if (!token) throw new ApiError(this.unknownCode);
    if (token.until <= this.clock.now()) throw new ApiError(token.superseded ? 40001 : 42001);
  }

  /** Fault: expires all issued tokens. */
  expireNow(): void {
    for (const token of this.all.values()) token.until = 0;
    this.latest = this.stableLatest = undefined;
  }

  private checkForce(): void {
    const now = this.clock.now();
    this.forced = this.forced.filter((at) => now - at < DAY);
    if (this.forced.length >= 20) throw new ApiError(45009);
    if (this.forced.some((at) => now - at < 30_000)) throw new ApiError(45011);
    this.forced.push(now);
  }

  private make(): Token {
    // The documents ask accounts to reserve space for tokens of this length.
    const token = { value: unguessable(136), until: this.clock.now() + LIFE, superseded: false };
    this.all.set(token.value, token);
    return token;
  }

  private end(token: Token, after: number): void {
    const until = this.clock.now() + after;
    if (token.until <= until) return;
    token.until = until;
    token.superseded = true;
  }

  private answer(token: Token): { access_token: string; expires_in: number } {
    return {
      access_token: token.value,
      expires_in: Math.ceil((token.until - this.clock.now()) / 1000),
    };
  }
}
