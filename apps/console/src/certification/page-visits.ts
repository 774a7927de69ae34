/** Limits how often an address opens pages that need no key. */
import { Inject, Injectable } from '@nestjs/common';
import { ApiProblem } from '#http';
import { LruCache, metrics } from '#service';
import { CLOCK, type Clock } from '../core/clock.js';
import { subnetOf } from '../http/subnet.js';

/** Visits of one address in a minute. */
export const MOST_VISITS = 60;
const MINUTE_MS = 60_000;
/** Addresses that are counted at a time; the least recently used one is dropped first. */
const MOST_ADDRESSES = 10_000;

@Injectable()
export class PageVisits {
  private readonly visits = new LruCache<string, { minute: number; count: number }>({ max: MOST_ADDRESSES });

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** @throws ApiProblem 429 */
  count(ip: string): void {
    const now = this.clock().getTime();
    const minute = Math.floor(now / MINUTE_MS);
    const address = subnetOf(ip);
    const before = this.visits.get(address);
    const count = before?.minute === minute ? before.count + 1 : 1;
    this.visits.set(address, { minute, count });
    if (count <= MOST_VISITS) return;
    metrics.denied.inc({ reason: 'slowed-down' });
    throw new ApiProblem('too-many-requests', `an address can open ${MOST_VISITS} pages in a minute`, {
      headers: { 'retry-after': String(Math.ceil(((minute + 1) * MINUTE_MS - now) / 1000)) },
    });
  }
}
