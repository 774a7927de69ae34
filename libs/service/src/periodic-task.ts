/** Runs work at an interval, one round at a time. A failed round is logged; the next round is a new attempt. */
import { guarded, tolerate } from './background.js';
import type { Log } from './log.js';

export class PeriodicTask {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<unknown> | undefined;

  /** @param what name of the task, for the log and metrics: "expiry of proposals" */
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

  /** Starts a round, unless one is running. */
  now(): void {
    this.running ??= tolerate(this.what, this.log, this.work).finally(() => (this.running = undefined));
  }

  /** Waits for the running round. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
