/** Too many requests: for a time, every message is refused with the seconds to wait. The time passes only when a test says so. */
import { ApiError } from './api-error.js';

export class Flood {
  /** Messages that were refused. */
  refused = 0;
  private passed = 0;
  private until = 0;
  private retryAfter = 1;

  /** The present time on the clock of the simulator, ms since 1970. */
  now(): number {
    return Date.now() + this.passed;
  }

  advance(ms: number): void {
    this.passed += ms;
  }

  /** @param retryAfter seconds that are named to the bot; by default all of the time */
  begin(ms: number, retryAfter = Math.ceil(ms / 1000)): void {
    this.until = this.passed + ms;
    this.retryAfter = retryAfter;
  }

  /** @throws ApiError 429 */
  check(): void {
    if (this.passed >= this.until) return;
    this.refused++;
    throw new ApiError(429, `Too Many Requests: retry after ${this.retryAfter}`, {
      retry_after: this.retryAfter,
    });
  }
}
