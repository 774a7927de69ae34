/** Fixed-window rate limiter, one window per key. */
import { LruCache } from '#service';

const KEYS = 10_000;

export class WindowLimiter {
  private readonly windows = new LruCache<string, { from: number; used: number }>({ max: KEYS });

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  /** @returns false when the limit of this window is used up */
  take(key: string, now: number): boolean {
    const current = this.windows.get(key);
    if (!current || now - current.from >= this.windowMs) {
      this.windows.set(key, { from: now, used: 1 });
      return true;
    }
    return ++current.used <= this.limit;
  }
}
