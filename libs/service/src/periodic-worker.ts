/** Base class of providers that run a PeriodicTask while the application runs. */
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Log } from './log.js';
import { PeriodicTask } from './periodic-task.js';

export abstract class PeriodicWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private rounds: PeriodicTask | undefined;

  /** @param what name of the task, for the log and metrics: "expiry of proposals" */
  protected constructor(
    private readonly everyMs: number,
    private readonly what: string,
    protected readonly log: Log,
  ) {}

  /** One round. Rounds begin every `everyMs`; one is skipped while the previous one is still running. */
  abstract round(): Promise<unknown>;

  onApplicationBootstrap(): void | Promise<void> {
    this.rounds = new PeriodicTask(this.everyMs, () => this.round(), this.what, this.log);
  }

  /** Waits for the round that is under way. */
  async onApplicationShutdown(): Promise<void> {
    await this.rounds?.stop();
  }
}
