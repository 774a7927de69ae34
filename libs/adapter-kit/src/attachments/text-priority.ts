/** Slows transfers of attachments down while texts are processed, so that texts are not delayed. */
import { sleep } from '#service';

/** How long transfers stay slow after a text, ms. */
export const TEXT_PAUSE_MS = 1000;
/** Shorter waits are skipped, ms. */
const SHORTEST_MS = 1;

export class TextPriority {
  private textUntil = Number.NEGATIVE_INFINITY;
  /** Time (ms, `performance.now()`) at which the bytes admitted so far will have been sent at `bytesPerMs`. */
  private free = 0;

  /** @param bytesPerMs rate of all transfers together while texts are processed; otherwise there is no limit */
  constructor(private readonly bytesPerMs: number) {}

  pauseTransfersForText(): void {
    this.textUntil = performance.now() + TEXT_PAUSE_MS;
  }

  /** The same stream at the limited rate, which all streams share. */
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
