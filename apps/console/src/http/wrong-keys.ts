/**
 * Slows down guessing of API keys by address. A key that has worked from there within the hour keeps working, so that a stranger
 * behind the same address locks nobody out.
 */
import { Inject, Injectable } from '@nestjs/common';
import { ApiProblem } from '#http';
import { LOG, metrics, SYSTEM_CLOCK, WrongProofs, type Log } from '#service';
import { CLOCK, type Clock } from '../core/clock.js';
import { subnetOf } from './subnet.js';

/** Maximum number of concurrent look-ups of keys for each address, apart from those that have worked. */
const MOST_AT_ONCE = 50;
const BUSY_MS = 1000;
const PROVEN_MS = 3600_000;

@Injectable()
export class WrongKeys {
  private readonly proofs: WrongProofs;
  /** Look-ups in progress, by address; bounded by the requests in progress. */
  private readonly running = new Map<string, number>();

  constructor(@Inject(CLOCK) clock: Clock, @Inject(LOG) log: Log) {
    const now = () => clock().getTime();
    this.proofs = new WrongProofs({
      place: 'api',
      log,
      clock: { ...SYSTEM_CLOCK, now },
      provenMs: PROVEN_MS,
    });
  }

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
    const claim = { address: subnetOf(ip), secret: key };
    const running = this.running.get(claim.address) ?? 0;
    if (!this.proofs.isProven(claim))
      mustNotWait(running >= MOST_AT_ONCE ? BUSY_MS : this.proofs.mustWaitMs(claim));
    this.running.set(claim.address, running + 1);
    try {
      const found = await find(key);
      if (found === undefined) this.proofs.wrong(claim);
      else this.proofs.right(claim);
      return found;
    } finally {
      this.ended(claim.address);
    }
  }

  private ended(address: string): void {
    const left = (this.running.get(address) ?? 0) - 1;
    if (left > 0) this.running.set(address, left);
    else this.running.delete(address);
  }
}

/** @throws ApiProblem 429 */
function mustNotWait(ms: number): void {
  if (ms <= 0) return;
  metrics.denied.inc({ reason: 'slowed-down' });
  throw new ApiProblem('too-many-requests', 'too many wrong API keys came from this address', {
    headers: { 'retry-after': String(Math.ceil(ms / 1000)) },
  });
}
