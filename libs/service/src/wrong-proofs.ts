/**
 * Slows down guessing of passwords, tokens and keys, in memory. After ten wrong ones from an address, each further one causes a
 * pause that doubles, in which nothing of that address is looked at; after twenty for an account, from any addresses, the answers
 * about it come late. Neither locks anybody out: other addresses do not wait, and what has been right from an address goes on
 * being looked at while a stranger guesses behind the same address.
 */
import { hash } from 'node:crypto';
import type { Log } from './log.js';
import { LruCache } from './lru-cache.js';
import { metrics } from './metrics.js';
import { addressGroup } from './refusal-log.js';

/** Wrong proofs within `FORGET_MS` that cost nothing. */
export const FREE_WRONG_PROOFS = { address: 10, account: 20 } as const;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;
const FIRST_DELAY_MS = 250;
/** Peers give an answer at least 5 s before they try again. */
const LONGEST_DELAY_MS = 4000;
/** Time without a wrong proof after which a count starts again. */
const FORGET_MS = 15 * 60_000;
const PROVEN_MS = 24 * 3600_000;
/** Maximum size of each table; the least recently used entry is dropped first. */
const MOST_ENTRIES = 10_000;
/** Addresses and accounts at the same time whose begin and end are logged. */
const MOST_LOGGED = 20;

export interface Claim {
  /** Remote address of the socket. */
  address: string;
  /** Who they say they are; absent: the secret alone says it. */
  account?: string;
  /** Password, token or key, where it is sent as it is; absent: each proof is another one, as a digest or a signature. */
  secret?: string;
}

/** wait: not looked at, because the address has to wait */
export type Verdict = 'right' | 'wrong' | 'wait';

export interface WrongProofsOptions {
  /** What the claims are made to, for the metric and the log: "smpp". */
  place: string;
  log: Pick<Log, 'info' | 'warn'>;
  /** Default: that of this machine. */
  clock?: WaitingClock;
  /** How long what was right once is looked at without a pause, ms. */
  provenMs?: number;
}

export interface WaitingClock {
  /** Milliseconds. */
  now(): number;
  after(delayMs: number, work: () => void): unknown;
}

interface Count {
  wrong: number;
  last: number;
  waitsUntil: number;
}

export const SYSTEM_CLOCK: WaitingClock = {
  now: () => performance.now(),
  after: (delayMs, work) => setTimeout(work, delayMs).unref(),
};

export class WrongProofs {
  /** By address; by address and account, when that account has proven itself from there and its proofs are never the same. */
  private readonly counts = new LruCache<string, Count>({ max: MOST_ENTRIES });
  private readonly accounts = new LruCache<string, Count>({ max: MOST_ENTRIES });
  /** What was right, and from where -> until when that is known. */
  private readonly proven = new LruCache<string, number>({ max: MOST_ENTRIES });
  /** Whose begin is logged and whose end is not; bounded by `MOST_LOGGED`. */
  private readonly logged = new Set<string>();
  private readonly clock: WaitingClock;

  constructor(private readonly options: WrongProofsOptions) {
    this.clock = options.clock ?? SYSTEM_CLOCK;
  }

  /** @returns a verdict, late when many addresses guess at the account */
  async check(claim: Claim, isRight: () => boolean): Promise<Verdict> {
    if (this.mustWaitMs(claim) > 0) return 'wait';
    // Counted synchronously: claims that are sent at the same time cannot exceed the limit.
    const right = isRight();
    const delayMs = right ? this.right(claim) : this.wrong(claim);
    if (delayMs > 0)
      await new Promise<void>((resolve) => {
        this.clock.after(delayMs, resolve);
      });
    return right ? 'right' : 'wrong';
  }

  /** @returns for how long the claim may not be looked at, ms; 0: it may */
  waitMs(claim: Claim): number {
    if (this.isExempt(claim)) return 0;
    const count = this.current(this.counts, this.keyOf(claim));
    return Math.max(0, (count?.waitsUntil ?? 0) - this.clock.now());
  }

  /** The same, for a claim that is made now. */
  mustWaitMs(claim: Claim): number {
    const waitMs = this.waitMs(claim);
    if (waitMs > 0) this.measure('wait');
    return waitMs;
  }

  /** @returns how late the answer should be, ms */
  wrong(claim: Claim): number {
    this.measure('wrong');
    const { account, secret } = claim;
    const wasProven = this.isProven(claim);
    // The account's password may have been changed: it counts as wrong, and the pair is not exempt any more.
    if (secret !== undefined) this.proven.delete(pairOf(claim));
    else if (account === undefined && wasProven) return 0;
    const key = this.keyOf(claim);
    const count = this.count(this.counts, key);
    const beyond = count.wrong - FREE_WRONG_PROOFS.address;
    if (beyond >= 0) count.waitsUntil = this.clock.now() + doubled(FIRST_PAUSE_MS, beyond, LONGEST_PAUSE_MS);
    if (beyond === 0) this.begin(this.counts, key, { address: claim.address });
    if (account === undefined) return 0;
    const ofAccount = this.count(this.accounts, account);
    if (ofAccount.wrong === FREE_WRONG_PROOFS.account)
      this.begin(this.accounts, account, { account: account.slice(0, 64) });
    return wasProven ? 0 : this.delayOf(account);
  }

  /** @returns how late the answer should be, ms */
  right(claim: Claim): number {
    const delayMs = this.isProven(claim) ? 0 : this.delayOf(claim.account);
    this.proven.set(pairOf(claim), this.clock.now() + (this.options.provenMs ?? PROVEN_MS));
    return delayMs;
  }

  /** What was right from there. Without an account it is a platform, or a proxy before us: its callbacks must not wait for guesses. */
  private isExempt(claim: Claim): boolean {
    return (claim.secret !== undefined || claim.account === undefined) && this.isProven(claim);
  }

  /** Whether it was right from there before. */
  isProven(claim: Claim): boolean {
    return (this.proven.get(pairOf(claim)) ?? 0) > this.clock.now();
  }

  private keyOf(claim: Claim): string {
    const isOwn = claim.secret === undefined && claim.account !== undefined && this.isProven(claim);
    return isOwn ? pairOf(claim) : addressGroup(claim.address);
  }

  private delayOf(account: string | undefined): number {
    const count = account === undefined ? undefined : this.current(this.accounts, account);
    const beyond = (count?.wrong ?? 0) - FREE_WRONG_PROOFS.account;
    return beyond < 0 ? 0 : doubled(FIRST_DELAY_MS, beyond, LONGEST_DELAY_MS);
  }

  private current(counts: LruCache<string, Count>, key: string): Count | undefined {
    const count = counts.get(key);
    return count && this.clock.now() - count.last < FORGET_MS ? count : undefined;
  }

  private count(counts: LruCache<string, Count>, key: string): Count {
    const count = this.current(counts, key) ?? { wrong: 0, last: 0, waitsUntil: 0 };
    counts.set(key, count);
    count.wrong++;
    count.last = this.clock.now();
    return count;
  }

  private begin(counts: LruCache<string, Count>, key: string, whose: object): void {
    const { place, log } = this.options;
    if (this.logged.size >= MOST_LOGGED || this.logged.has(key)) return;
    this.logged.add(key);
    log.warn({ place, ...whose }, 'too many wrong passwords or keys: further attempts are slowed down');
    this.endLater(counts, key, whose);
  }

  private endLater(counts: LruCache<string, Count>, key: string, whose: object): void {
    const last = counts.get(key)?.last ?? -FORGET_MS;
    this.clock.after(Math.max(0, last + FORGET_MS - this.clock.now()), () => {
      if (this.current(counts, key)) return this.endLater(counts, key, whose);
      this.logged.delete(key);
      const { place, log } = this.options;
      log.info({ place, ...whose }, 'no wrong password or key for 15 minutes: attempts are not slowed down');
    });
  }

  private measure(result: 'wrong' | 'wait'): void {
    metrics.wrongProofs.inc({ place: this.options.place, result });
  }
}

function doubled(first: number, times: number, longest: number): number {
  return Math.min(first * 2 ** Math.min(times, 30), longest);
}

/** Key of a proven claim: a digest of the secret, because the entry is kept for a day. */
function pairOf({ address, account = '', secret = '' }: Claim): string {
  return `${addressGroup(address)} ${hash('sha256', JSON.stringify([account, secret]), 'base64url')}`;
}
