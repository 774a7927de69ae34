/** Reports of segments -> what became of a message: the kit has it delivered when all of its segments are, and failed when one is. */
import type { Hub } from '#adapter-kit';
import { LruCache, sleep } from '#service';
import type { DeliveryReport } from './sms.link.js';
import { reportOf } from './to-canonical.js';

export interface ReportsOptions {
  hub: Pick<Hub, 'findNative' | 'submitOutcome' | 'log'>;
  stopping: AbortSignal;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A report may come before the answer to its segment; how long until its message is looked up again, ms. */
const LOOK_AGAIN_MS = [0, 5, 20, 50, 125, 300, 500, 1000];

export class Reports {
  /** Segments of words of the account itself, of which the hub knows nothing. */
  private readonly ofAccount = new LruCache<string, true>({ max: 20_000 });

  constructor(private readonly options: ReportsOptions) {}

  /** What becomes of these concerns nobody on another network. */
  areOfAccount(natives: readonly string[]): void {
    for (const native of natives) this.ofAccount.set(native, true);
  }

  /** Resolves when it is stored. @throws HubError 65, 91: let the gateway report again */
  async take(report: DeliveryReport): Promise<void> {
    const { hub } = this.options;
    const native = report.messageId;
    await this.untilKnown(native);
    if (this.ofAccount.has(native))
      return hub.log.info({ native, state: report.state }, 'SMS: an answer of ours');
    // One that the hub does not know yet either is kept there.
    return hub.submitOutcome({ native }, reportOf(report));
  }

  private async untilKnown(native: string): Promise<void> {
    const { hub, stopping, wait = sleep } = this.options;
    const isKnown = async () => this.ofAccount.has(native) || (await hub.findNative(native)) !== undefined;
    for (const ms of LOOK_AGAIN_MS) {
      if (stopping.aborted || (await isKnown())) return;
      await wait(ms, stopping);
    }
  }
}
