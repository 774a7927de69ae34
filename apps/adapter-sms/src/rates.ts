/**
 * How fast we send: segments in a second, messages to one number in a minute, and a pause when the gateway asks to slow down.
 * A segment waits for its turn for a while; what would wait longer is refused with 65, and comes again.
 */
import type { Memory } from '#adapter-kit';
import { RateLimit } from '#adapter-webhook';
import { HubError } from '#protocol';
import { backoff, LruCache, sleep } from '#service';

export interface RateOptions {
  /** Where messages to a number are counted, for all processes of the adapter. */
  memory: Pick<Memory, 'change'>;
  perSecond: number | undefined;
  perNumber: number | undefined;
  /** Ends all waiting. */
  stopping: AbortSignal;
  now?: () => number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A segment waits for its turn, at most. */
const MOST_WAIT_MS = 10_000;
/** Longer than the attempts at one message take. */
const COUNTED_MS = 3600_000;
const MINUTE_MS = 60_000;
/** After the first refusal, and after many. */
const PAUSE_MS = { first: 20, most: 5000 };

export class Rates {
  private readonly numbers: RateLimit;
  /** Messages that were counted: another attempt is not another message. */
  private readonly counted = new LruCache<string, true>({ max: 20_000, ttl: COUNTED_MS });
  /** When the next segment may go, ms. */
  private free = 0;
  /** In a row. */
  private refusals = 0;
  private readonly now: () => number;

  constructor(private readonly options: RateOptions) {
    const { memory, perNumber } = options;
    this.numbers = new RateLimit(
      memory,
      perNumber === undefined ? [] : [{ messages: perNumber, ms: MINUTE_MS }],
    );
    this.now = options.now ?? Date.now;
  }

  /** Counts a message to a number. @param key the same for every attempt. @throws HubError 65 with the time to wait, 91 */
  async message(person: string, key: string): Promise<void> {
    if (this.counted.has(key)) return;
    await this.numbers.take(person, this.now());
    this.counted.set(key, true);
  }

  /** Resolves when the next segment may go. @throws HubError 65 with the time to wait, 91 when the adapter stops */
  async segment(): Promise<void> {
    const { perSecond, stopping, wait = sleep } = this.options;
    const now = this.now();
    const turn = Math.max(now, this.free);
    if (turn - now > MOST_WAIT_MS)
      throw new HubError('65', 'too much waits to be sent', { retryAfterMs: turn - now });
    if (perSecond !== undefined) this.free = turn + 1000 / perSecond;
    if (turn > now) await wait(turn - now, stopping);
    if (stopping.aborted) throw new HubError('91', 'the adapter stops');
  }

  accepted(): void {
    this.refusals = 0;
  }

  /** The gateway asks to slow down. @param retryAfterMs as it says */
  refused(retryAfterMs = backoff(this.refusals + 1, PAUSE_MS.first, PAUSE_MS.most)): void {
    this.refusals++;
    this.free = Math.max(this.free, this.now() + retryAfterMs);
  }
}
