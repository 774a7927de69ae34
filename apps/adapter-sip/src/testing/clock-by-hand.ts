/** A clock that goes only when a test says so. */
import type { Clock } from '#adapter-session';

interface Timer {
  at: number;
  work: () => void;
}

export class ClockByHand implements Clock {
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

  /** Number of timers that are set. */
  get pending(): number {
    return this.timers.size;
  }

  /** Runs every timer that is due by then, in order, and what follows from each. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const [next] = [...this.timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (!next) break;
      this.timers.delete(next);
      this.time = next.at;
      next.work();
    }
    this.time = end;
  }
}

/** Until every promise that could has resolved. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
