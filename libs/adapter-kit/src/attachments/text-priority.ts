/** Text comes first: while it flows, media take their time. A machine has only so much to give, and a text waits for no file. */
import { sleep } from '#service';

/** So long after a text more of it is expected. */
export const TEXT_PAUSE_MS = 1000;
/** Shorter waits are not worth a timer. */
const SHORTEST_MS = 1;

export class TextPriority {
  private textUntil = Number.NEGATIVE_INFINITY;
  /** When what was let through is over, at the pace. */
  private free = 0;

  /** @param bytesPerMs of media beside text; without text there is no limit */
  constructor(private readonly bytesPerMs: number) {}

  pauseTransfersForText(): void {
    this.textUntil = performance.now() + TEXT_PAUSE_MS;
  }

  /** A stream at this pace: of several, each chunk waits for its turn. */
  async *of<Chunk extends Uint8Array>(content: AsyncIterable<Chunk>): AsyncIterable<Chunk> {
    for await (const chunk of content) {
      const wait = this.wait(chunk.length);
      if (wait > SHORTEST_MS) await sleep(wait);
      yield chunk;
    }
  }

  /** @returns ms */
  private wait(bytes: number): number {
    const now = performance.now();
    if (now > this.textUntil) return 0;
    this.free = Math.max(now, this.free) + bytes / this.bytesPerMs;
    return this.free - now;
  }
}
