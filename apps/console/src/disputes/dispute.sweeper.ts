/** Sends reminders, rules defaults and lets them take effect when deadlines pass. Runs on every console; rows are locked with SKIP LOCKED. */
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
    super(EVERY_MS, 'silences in disputes carried out', log);
  }

  override async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await super.onApplicationShutdown();
  }

  /** One that cannot be judged does not keep the others waiting; it is tried again the next time. @returns how many it judged */
  async round(): Promise<number> {
    const failed = new Set<string>();
    let judged = 0;
    while (!this.stopped) {
      const known = failed.size;
      try {
        if (!(await this.disputes.expireOne(failed))) break;
        judged++;
      } catch (error) {
        this.log.warn({ reason: toHubError(error).detail }, 'a silence in a dispute was not carried out');
        // Without a dispute to blame, it is the database that is away.
        if (failed.size === known) break;
      }
    }
    return judged;
  }
}
