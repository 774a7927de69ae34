/** How often one person may be written to, where the platform drops further messages and reports no error. Each process counts its own messages. */
import { HubError } from '#protocol';
import { LruCache } from '#service';

const MINUTE_MS = 60_000;
const MAX_PEOPLE = 50_000;
/** Added to the wait, ms: the platform's clock and ours differ. */
const SLACK_MS = 50;

export class RateLimit {
  private readonly sent = new LruCache<string, number[]>({ max: MAX_PEOPLE, ttl: 2 * MINUTE_MS });

  /** @param perMinute messages to one person in a minute; undefined: no limit */
  constructor(private readonly perMinute: number | undefined) {}

  /** Counts one message. @throws HubError 65 with the time to wait */
  take(person: string, now = Date.now()): void {
    if (this.perMinute === undefined) return;
    const recent = (this.sent.get(person) ?? []).filter((at) => now - at < MINUTE_MS);
    const [oldest = now] = recent;
    if (recent.length >= this.perMinute)
      throw new HubError('65', 'this person was sent as many messages as a minute allows', {
        retryAfterMs: MINUTE_MS - (now - oldest) + SLACK_MS,
      });
    this.sent.set(person, [...recent, now]);
  }
}
