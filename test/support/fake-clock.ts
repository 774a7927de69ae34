/** A clock that goes only when a test says so. */
import type { Clock } from '#adapter-session';

interface Timer {
  at: number;
  work: () => void;
}

export class FakeClock implements Clock {
  private time = 0;
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.time;
  }

  after(delayMs: number, work: () => void): () => void {
    const timer = { at: this.time + delayMs, work };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Timers that are set, by the time left until each, ms. */
  get pending(): number[] {
    return [...this.timers].map(({ at }) => at - this.time).sort((one, other) => one - other);
  }

  /** Runs every timer that is due by then, in order, and what follows from each. */
  async advance(ms: number): Promise<void> {
    await settle();
    const end = this.time + ms;
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (!next) break;
      this.timers.delete(next);
      this.time = next.at;
      next.work();
      await settle();
    }
    this.time = end;
  }
}

/** Until everything that was written has been read, and every promise that could has resolved. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
