/**
 * Takes back messages that the network has accepted but not delivered when their time is over, where the network can
 * (`Withdrawing`): only then the next step of a delivery ladder may begin. In the bucket, so that the next process goes on:
 * `expires.<event>`.
 */
import { networkOf, type Address, type DurableEvent, type Outcome } from '#protocol';
import { PeriodicTask, type Log } from '#service';
import type { Withdrawing } from './abilities.contract.js';
import type { LateEvent, LateOutcomes, OutcomeStore } from './late-outcomes.js';

interface Expiring extends LateEvent {
  to: Address;
  native: string[];
  /** When its time is over, ms since 1970. */
  at: number;
}

/** Messages with more time left than this are not on a ladder, and stay with the network. */
const SOON_MS = 2 * 3600_000;
/** More than these are not taken back: what becomes of them, the network reports. */
const MOST = 10_000;
const EVERY_MS = 2000;
/** A network that does not answer is asked for so long. */
const TRIED_MS = 10 * 60_000;

export interface WithdrawalsOptions {
  adapter: Withdrawing;
  late: Pick<LateOutcomes, 'isOpen' | 'report'>;
  store: OutcomeStore;
  log: Log;
}

export class Withdrawals {
  private readonly expiring = new Map<string, Expiring>();
  private task: PeriodicTask | undefined;

  constructor(
    private readonly options: WithdrawalsOptions,
    private readonly now: () => number = Date.now,
  ) {}

  /** Goes on with what the process before had noted. */
  async start(): Promise<void> {
    const { store, log } = this.options;
    for (const key of await store.keys('expires.>')) {
      const noted = (await store.get(key)) as Expiring | null | undefined;
      if (noted && this.expiring.size < MOST) this.expiring.set(key, noted);
    }
    this.task = new PeriodicTask(EVERY_MS, () => this.round(), 'expired messages taken back', log);
  }

  async stop(): Promise<void> {
    await this.task?.stop();
  }

  /** @param outcome `submitted`, of the event */
  async watch(
    { id, expirytime }: DurableEvent,
    { from, to, native = [] }: Pick<Outcome, 'from' | 'to' | 'native'>,
  ): Promise<void> {
    const at = expirytime === undefined ? Infinity : Date.parse(expirytime);
    if (at > this.now() + SOON_MS || native.length === 0 || this.expiring.size >= MOST) return;
    const author = networkOf(from.address);
    const key = `expires.${author}.${id}`;
    const expiring = { id, author, to, native, at };
    this.expiring.set(key, expiring);
    await this.options.store.put(key, expiring);
  }

  async round(): Promise<void> {
    const now = this.now();
    const due = [...this.expiring].filter(([, { at }]) => at <= now);
    for (const [key, message] of due)
      if ((await this.isDone(message)) || now > message.at + TRIED_MS) {
        this.expiring.delete(key);
        await this.options.store.delete(key);
      }
  }

  /** @returns false: the network does not answer now */
  private async isDone(message: Expiring): Promise<boolean> {
    const { adapter, late, log } = this.options;
    if (!(await late.isOpen(message))) return true;
    try {
      const isTaken = await adapter.withdraw(message.to, message.native);
      log.info({ event: message.id, isTaken }, 'a message that was not delivered in its time was taken back');
      if (!isTaken) return true;
    } catch (error) {
      log.warn(
        { event: message.id, reason: (error as Error).message },
        'cannot take a message back: tried again',
      );
      return false;
    }
    const detail = `not delivered until ${new Date(message.at).toISOString()}, and taken back`;
    await late.report(message, { stage: 'failed', basis: 'network', code: '68', detail });
    return true;
  }
}
