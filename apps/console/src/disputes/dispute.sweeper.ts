/** Sends reminders, rules defaults and lets them take effect when deadlines pass. Runs on every console; rows are locked with SKIP LOCKED. */
import { toHubError } from '#protocol';
import { Recurring, type Log } from '#service';
import type { DisputesService } from './disputes.service.js';

const EVERY_MS = 60_000;

export class DisputeSweeper {
  private readonly rounds: Recurring;
  private stopped = false;

  constructor(
    private readonly disputes: Pick<DisputesService, 'expireOne'>,
    private readonly log: Log,
    everyMs = EVERY_MS,
  ) {
    this.rounds = new Recurring(everyMs, () => this.sweep(), 'silences in disputes carried out', log);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.rounds.stop();
  }

  /** One that cannot be judged does not keep the others waiting; it is tried again the next time. @returns how many it judged */
  async sweep(): Promise<number> {
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
