/** So many in a span of time, for each of those who ask. */
import { LRUCache } from 'lru-cache';

export class Allowance {
  private readonly spans = new LRUCache<string, { from: number; used: number }>({ max: 10_000 });

  constructor(
    private readonly most: number,
    private readonly spanMs: number,
  ) {}

  /** @returns false when there is none left in this span */
  take(who: string, now: number): boolean {
    const current = this.spans.get(who);
    if (!current || now - current.from >= this.spanMs) {
      this.spans.set(who, { from: now, used: 1 });
      return true;
    }
    return ++current.used <= this.most;
  }
}
