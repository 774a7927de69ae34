/** Work that comes round again: one round at a time, and one that fails is told and tried again with the next. */
import type { Log } from './log.js';

export class Recurring {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<unknown> | undefined;

  /** @param what was not done, for the log: "media swept" */
  constructor(everyMs: number, work: () => Promise<unknown>, what: string, log: Log) {
    this.timer = setInterval(() => {
      this.running ??= work()
        .catch((error: unknown) => log.warn({ reason: (error as Error).message }, `not done: ${what}`))
        .finally(() => (this.running = undefined));
    }, everyMs);
    this.timer.unref();
  }

  /** Waits for the round that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
