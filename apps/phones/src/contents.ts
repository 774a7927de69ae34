/** Attachments of one phone that a browser can still fetch, each by its number. */
import type { Phone, Seen } from '#phones';
import { LruCache } from '#service';

/** What others sent is downloaded when it is shown. */
const MOST_SEEN = 300;
/** What the owner sent is kept in memory. */
const MOST_SENT = 20;
/** The content of one attachment. A phone shows nothing larger. */
const MOST_BYTES = 16 * 1024 * 1024;

export class Contents {
  private readonly seen = new LruCache<number, Seen>({ max: MOST_SEEN });
  private readonly sent = new LruCache<number, Buffer>({ max: MOST_SENT });
  private last = 0;

  constructor(private readonly phone: Phone) {}

  /** @returns its number */
  holdSeen(seen: Seen): number {
    this.seen.set(++this.last, seen);
    return this.last;
  }

  /** @returns its number */
  holdSent(bytes: Buffer): number {
    this.sent.set(++this.last, bytes);
    return this.last;
  }

  /** @returns undefined for a number that is not known, or not any more. @throws TooLarge, or what the network says */
  async read(number: number): Promise<Buffer | undefined> {
    const sent = this.sent.get(number);
    if (sent) return sent;
    const seen = this.seen.get(number);
    return seen && this.phone.fetch(seen, MOST_BYTES);
  }
}
