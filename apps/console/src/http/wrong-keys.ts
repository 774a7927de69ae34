/**
 * Slows down guessing of API keys: after ten wrong keys from an address, each further one causes a pause that doubles. Only that
 * address waits, and a key that has worked from it within the hour keeps working, so that a stranger behind the same address
 * locks nobody out.
 */
import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ApiProblem } from '#http';
import { LruCache, metrics } from '#service';
import { CLOCK, type Clock } from '../core/clock.js';
import { subnetOf } from './subnet.js';

/** Wrong keys within `FORGET_MS` that cost no pause. */
export const FREE_WRONG_KEYS = 10;
/** Maximum number of concurrent look-ups of keys that have not worked yet, for each address. */
const MOST_AT_ONCE = 50;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;
/** Time without a wrong key after which the count of an address starts again. */
const FORGET_MS = 15 * 60_000;
const PROVEN_MS = 3600_000;
/** Maximum size of each cache; the least recently used entry is dropped first. */
const MOST_ADDRESSES = 10_000;

interface Attempts {
  wrong: number;
  running: number;
  lastWrong: number;
  waitsUntil: number;
}

@Injectable()
export class WrongKeys {
  private readonly log = new Logger('access');
  private readonly attempts = new LruCache<string, Attempts>({ max: MOST_ADDRESSES });
  /** Address and hash of a key that has worked from it -> time until which it is accepted without a pause. */
  private readonly proven = new LruCache<string, number>({ max: MOST_ADDRESSES });

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * @param find looks the key up
   * @returns what `find` returns
   * @throws ApiProblem 429 while the address waits; the key is not looked up then
   */
  async check<Found>(
    ip: string,
    key: string,
    find: (key: string) => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const address = subnetOf(ip);
    const pair = `${address} ${hashOf(key)}`;
    const attempts = this.attemptsOf(address);
    if ((this.proven.get(pair) ?? 0) < this.now()) this.mustNotWait(attempts);
    attempts.running++;
    try {
      const found = await find(key);
      if (found === undefined) this.wrong(address, pair);
      else this.proven.set(pair, this.now() + PROVEN_MS);
      return found;
    } finally {
      attempts.running--;
    }
  }

  private attemptsOf(address: string): Attempts {
    const known = this.attempts.get(address);
    if (known && (known.running > 0 || this.now() - known.lastWrong < FORGET_MS)) return known;
    const fresh = { wrong: 0, running: 0, lastWrong: 0, waitsUntil: 0 };
    this.attempts.set(address, fresh);
    return fresh;
  }

  private mustNotWait({ running, waitsUntil }: Attempts): void {
    const pause = running >= MOST_AT_ONCE ? FIRST_PAUSE_MS : waitsUntil - this.now();
    if (pause <= 0) return;
    metrics.denied.inc({ reason: 'slowed-down' });
    throw new ApiProblem('too-many-requests', 'too many wrong API keys came from this address', {
      headers: { 'retry-after': String(Math.ceil(pause / 1000)) },
    });
  }

  private wrong(address: string, pair: string): void {
    const attempts = this.attempts.get(address) ?? this.attemptsOf(address);
    this.proven.delete(pair);
    attempts.wrong++;
    attempts.lastWrong = this.now();
    const pause =
      attempts.wrong < FREE_WRONG_KEYS
        ? 0
        : Math.min(FIRST_PAUSE_MS * 2 ** (attempts.wrong - FREE_WRONG_KEYS), LONGEST_PAUSE_MS);
    attempts.waitsUntil = this.now() + pause;
    this.log.warn(
      `wrong API key from ${address}: number ${attempts.wrong}` +
        (pause > 0 ? `, the next is looked at in ${pause / 1000} s` : ''),
    );
  }

  private now(): number {
    return this.clock().getTime();
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
