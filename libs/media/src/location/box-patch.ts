/** Changes a box file in place: only changed bytes are written. */
import type { Box } from '../container/boxes.js';
import type { Span } from '../container/span.js';

const STEP = 1024 * 1024;

export class BoxPatch {
  changed = false;

  /** @param maxLoaded maximum bytes that are loaded; a longer range is overwritten with zeros */
  constructor(
    private readonly span: Span,
    private readonly maxLoaded: number,
  ) {}

  content(from: number, to: number, how: (bytes: Buffer) => boolean): void {
    if (to <= from) return;
    if (to - from > this.maxLoaded) return this.zero(from, to);
    const bytes = this.span.read(from, to - from);
    if (how(bytes)) this.write(from, bytes);
  }

  write(at: number, bytes: Buffer): void {
    this.span.write(at, bytes);
    this.changed = true;
  }

  /** Turns the box into `free`, with zeros as content. */
  takeOut(box: Box): void {
    this.write(box.at + 4, Buffer.from('free', 'latin1'));
    this.zero(box.start, box.end);
  }

  zero(from: number, to: number): void {
    for (let at = from; at < to; at += STEP) {
      const length = Math.min(STEP, to - at);
      if (!this.isZero(at, at + length)) this.write(at, Buffer.alloc(length));
    }
  }

  isZero(from: number, to: number): boolean {
    for (let at = from; at < to; at += STEP)
      if (this.span.read(at, Math.min(STEP, to - at)).some((byte) => byte !== 0)) return false;
    return true;
  }
}
