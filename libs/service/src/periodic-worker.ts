/** A provider that repeats its work from the start of the application to its end. */
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Log } from './log.js';
import { PeriodicTask } from './periodic-task.js';

export abstract class PeriodicWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private rounds: PeriodicTask | undefined;

  /** @param what was not done when a round fails, for the log: "media swept" */
  protected constructor(
    private readonly everyMs: number,
    private readonly what: string,
    protected readonly log: Log,
  ) {}

  /** One round; the next one begins `everyMs` after this one began, or when it ends, whichever is later. */
  abstract round(): Promise<unknown>;

  onApplicationBootstrap(): void | Promise<void> {
    this.rounds = new PeriodicTask(this.everyMs, () => this.round(), this.what, this.log);
  }

  /** Waits for the round that is under way. */
  async onApplicationShutdown(): Promise<void> {
    await this.rounds?.stop();
  }
}
