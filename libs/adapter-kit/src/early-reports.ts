/**
 * Late reports whose native message is not known yet: a network may report what became of a message before it answers the
 * request that sent it. They are kept in the bucket, at most 1,000 for a time limit of 10 minutes, and tried again until
 * their message is known. A report whose message stays unknown is recorded as not carried.
 */
import { eventId, HubError, type Network } from '#protocol';
import { backoff, PeriodicTask, type Log } from '#service';
import { EARLY_MS, type LateReport, type OutcomeStore } from './late-outcomes.js';

const MOST = 1000;
const TASK = 'early reports of outcomes';
const EVERY_MS = 500;

interface Early {
  native: string;
  report: LateReport;
  /** ms since 1970. */
  at: number;
}

interface Waiting extends Early {
  tries: number;
  next: number;
}

export interface EarlyReportsOptions {
  network: Network;
  store: OutcomeStore;
  /** Carries out a report. @returns false: its message is not known */
  apply: (native: string, report: LateReport) => Promise<boolean>;
  /** The time limit ended, and nobody knows the message. */
  expired: (native: string, report: LateReport) => void;
  log: Log;
  now?: () => number;
}

export class EarlyReports {
  /** By key in the store; bounded by `MOST`. */
  private readonly waiting = new Map<string, Waiting>();
  private readonly now: () => number;
  private rounds: PeriodicTask | undefined;

  constructor(private readonly options: EarlyReportsOptions) {
    this.now = options.now ?? Date.now;
  }

  /** Continues with the reports that an earlier process kept. */
  async start(): Promise<void> {
    const { store, log } = this.options;
    for (const key of (await store.keys('early.>')).slice(0, MOST)) {
      const kept = (await store.get(key)) as Early | null | undefined;
      if (kept) this.waiting.set(key, { ...kept, tries: 0, next: 0 });
    }
    this.rounds = new PeriodicTask(EVERY_MS, () => this.round(), TASK, log);
  }

  async stop(): Promise<void> {
    await this.rounds?.stop();
  }

  /** Resolves when the report is stored. @throws HubError 65 when 1,000 wait: let the network report again */
  async keep(native: string, report: LateReport): Promise<void> {
    const { network, store } = this.options;
    const key = `early.${eventId(network, 'early', `${native} ${report.stage}`)}`;
    if (this.waiting.has(key)) return;
    if (this.waiting.size >= MOST) throw new HubError('65', 'too many reports about unknown messages wait');
    const early: Early = { native, report, at: this.now() };
    // Stored first: a report that is repeated because it could not be stored is not taken for one that waits already.
    await store.put(key, early);
    this.waiting.set(key, { ...early, tries: 0, next: 0 });
  }

  /** Tries the reports that are due. */
  async round(): Promise<void> {
    for (const [key, one] of this.waiting) if (one.next <= this.now()) await this.attempt(key, one);
  }

  private async attempt(key: string, one: Waiting): Promise<void> {
    const { apply, expired, store } = this.options;
    const done = await apply(one.native, one.report);
    if (!done && this.now() - one.at <= EARLY_MS) {
      one.next = this.now() + backoff(++one.tries, EVERY_MS, 30_000);
      return;
    }
    if (!done) expired(one.native, one.report);
    await store.delete(key);
    this.waiting.delete(key);
  }
}
