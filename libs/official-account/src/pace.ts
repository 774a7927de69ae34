/** How often one person may be written to, where the platform drops the rest without a word. */
import { LRUCache } from 'lru-cache';
import { HubError } from '#protocol';

const MINUTE_MS = 60_000;

export class Pace {
  private readonly sent = new LRUCache<string, number[]>({ max: 50_000, ttl: 2 * MINUTE_MS });

  constructor(private readonly perMinute: number | undefined) {}

  /** @throws HubError 65 with the time to wait */
  take(person: string, now = Date.now()): void {
    if (this.perMinute === undefined) return;
    const lately = (this.sent.get(person) ?? []).filter((at) => now - at < MINUTE_MS);
    const [oldest = now] = lately;
    if (lately.length >= this.perMinute)
      throw new HubError('65', 'as much as this person may be sent in a minute', {
        retryAfterMs: MINUTE_MS - (now - oldest) + 50,
      });
    this.sent.set(person, [...lately, now]);
  }
}
