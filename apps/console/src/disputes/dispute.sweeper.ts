/** Applies missed deadlines: reminders, default rulings and their effect. Runs on every console; rows are locked with SKIP LOCKED. */
import { Inject, Injectable } from '@nestjs/common';
import { toHubError } from '#protocol';
import { LOG, type Log, PeriodicWorker } from '#service';
import { DisputesService } from './disputes.service.js';

const EVERY_MS = 60_000;

@Injectable()
export class DisputeSweeper extends PeriodicWorker {
  private stopped = false;

  constructor(
    @Inject(DisputesService) private readonly disputes: Pick<DisputesService, 'expireOne'>,
    @Inject(LOG) log: Log,
  ) {
    super(EVERY_MS, 'deadlines of disputes', log);
  }

  override async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await super.onApplicationShutdown();
  }

  /** A dispute that fails does not block the others and is tried again in the next round. @returns the number of disputes that moved on */
  async round(): Promise<number> {
    const failed = new Set<string>();
    let judged = 0;
    while (!this.stopped) {
      const known = failed.size;
      try {
        if (!(await this.disputes.expireOne(failed))) break;
        judged++;
      } catch (error) {
        this.log.warn(
          { reason: toHubError(error).detail },
          'the missed deadline of a dispute was not applied; trying again in a minute',
        );
        // No dispute was added: the database is unavailable.
        if (failed.size === known) break;
      }
    }
    return judged;
  }
}
