/** Runs work at an interval, one round at a time. A failed round is logged; the next round is a new attempt. */
import { guarded, tolerate } from './background.js';
import type { Log } from './log.js';

export class PeriodicTask {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<unknown> | undefined;

  /** @param what what was not done when a round fails, for the log: "media swept" */
  constructor(
    everyMs: number,
    private readonly work: () => Promise<unknown>,
    private readonly what: string,
    private readonly log: Log,
  ) {
    this.timer = setInterval(
      guarded(what, log, () => this.now()),
      everyMs,
    );
    this.timer.unref();
  }

  /** Begins a round, unless one is under way. */
  now(): void {
    this.running ??= tolerate(`not done: ${this.what}`, this.log, this.work).finally(
      () => (this.running = undefined),
    );
  }

  /** Waits for the round that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
