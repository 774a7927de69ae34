/** Work that comes round again: one round at a time, and one that fails is told and tried again with the next. */
import { guarded, tolerate } from './background.js';
import type { Log } from './log.js';

export class PeriodicTask {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<unknown> | undefined;

  /** @param what was not done, for the log: "media swept" */
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
