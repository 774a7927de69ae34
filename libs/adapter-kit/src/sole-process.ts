/**
 * For adapters of which two processes at once would disturb one another (`worksAlone`): one works, and further ones wait until it
 * has ended. The process that works writes an entry in the bucket of the network again and again; another one takes its place when
 * the entry has stayed the same for a while. Clocks of different machines are not compared.
 */
import { z } from 'zod';
import type { Network } from '#protocol';
import { PeriodicTask, sleep, StartRefused, tolerate, type Log } from '#service';
import type { Memory } from './memory.contract.js';

const KEY = 'sole-process';
const RENEW_MS = 1500;
/** A process that has not written its entry for this time is taken for dead, ms. */
export const DEAD_AFTER_MS = 5000;

const Entry = z.object({
  /** Instance of the process that works; empty: it has ended in order. */
  by: z.string(),
  /** Grows with every renewal. */
  beat: z.int(),
});
type Entry = z.infer<typeof Entry>;
const NOBODY: Entry = { by: '', beat: 0 };

export interface SoleProcessOptions {
  network: Network;
  memory: Pick<Memory, 'change'>;
  /** Of this process. */
  instance: string;
  /** Another process has taken the place of this one, which was silent for too long and must end. */
  onLost: (error: StartRefused) => void;
  log: Log;
}

export class SoleProcess {
  private seen = { entry: NOBODY, at: performance.now() };
  private renewal: PeriodicTask | undefined;

  constructor(private readonly options: SoleProcessOptions) {}

  /** Resolves when this process may work. A bus that is away is waited for. */
  async begin(): Promise<void> {
    const { network, instance, log } = this.options;
    const take = () =>
      tolerate('turn of this process', log, () => this.replace((entry) => this.isFree(entry)));
    for (let attempt = 0; !(await take()); attempt++) {
      if (attempt === 0)
        log.info({ network, by: this.seen.entry.by }, 'another process works: this one waits');
      await sleep(RENEW_MS);
    }
    log.info({ network, instance }, 'this process works');
    this.renewal = new PeriodicTask(RENEW_MS, () => this.renew(), 'turn of this process', log);
  }

  /** The next process may begin at once. */
  async end(): Promise<void> {
    if (!this.renewal) return;
    await this.renewal.stop();
    await this.replace(({ by }) => by === this.options.instance, NOBODY);
  }

  private async renew(): Promise<void> {
    const { network, instance, onLost } = this.options;
    if (await this.replace(({ by }) => by === instance)) return;
    onLost(
      new StartRefused(
        `another process of the ${network} adapter took over while this one was silent for ${DEAD_AFTER_MS / 1000} s`,
      ),
    );
  }

  private isFree(entry: Entry): boolean {
    if (entry.by === '') return true;
    const { entry: before, at } = this.seen;
    if (entry.by === before.by && entry.beat === before.beat) return performance.now() - at >= DEAD_AFTER_MS;
    this.seen = { entry, at: performance.now() };
    return false;
  }

  /** Writes the entry if `may` permits it for the one that is stored. @returns whether it did. @throws HubError 91 */
  private async replace(may: (stored: Entry) => boolean, next?: Entry): Promise<boolean> {
    let isOurs = false;
    await this.options.memory.change(KEY, (value) => {
      // An unreadable entry is nobody's.
      const stored = Entry.safeParse(value).data ?? NOBODY;
      isOurs = may(stored);
      return Promise.resolve(
        isOurs ? (next ?? { by: this.options.instance, beat: stored.beat + 1 }) : undefined,
      );
    });
    return isOurs;
  }
}
