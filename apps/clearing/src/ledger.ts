/**
 * Writes detail records: reads what was routed and how it ended, and stores both halves in batches. A message is
 * acknowledged when its batch is committed, so a database that is away only delays the ledger.
 */
import type { DataSource, EntityManager } from 'typeorm';
import {
  clearingConsumer,
  ensureConsumer,
  LaneConsumer,
  type BusLink,
  type BusMessage,
  type LaneReader,
} from '#bus';
import type { BusinessDays } from '#clearing';
import { STREAMS, toHubError } from '#protocol';
import { backoff, metrics, sleep, type Log } from '#service';
import { ending, routedHalf, type Hash } from './halves.js';
import { writeEnded, writeRouted, writeStored } from './write-halves.js';

const BATCH = 1000;
const LINGER_MS = 100;

/** @returns how many records became complete */
type Store = (manager: EntityManager, batch: readonly BusMessage[]) => Promise<number>;

export interface LedgerOptions {
  database: DataSource;
  days: BusinessDays;
  hash: Hash;
  log: Log;
}

/** @returns how to stop it */
export async function startLedger(link: BusLink, options: LedgerOptions): Promise<() => Promise<void>> {
  const readers = [
    await LedgerReader.on(link, STREAMS.out, routedStore(options), options),
    await LedgerReader.on(link, STREAMS.report, endedStore(options), options),
  ];
  return async () => {
    for (const stop of readers) await stop();
  };
}

function routedStore({ days, hash, log }: LedgerOptions): Store {
  return async (manager, batch) => {
    const halves = batch.flatMap((message) => readable(message, log, () => routedHalf(message, hash)) ?? []);
    if (halves.length === 0) return 0;
    metrics.clearingHalves.inc({ half: 'routed' }, halves.length);
    return writeRouted(manager, halves, days);
  };
}

function endedStore({ days, hash, log }: LedgerOptions): Store {
  return async (manager, batch) => {
    const endings = batch.flatMap((message) => readable(message, log, () => ending(message, hash)) ?? []);
    const stored = endings.flatMap((end) => ('stored' in end ? [end.stored] : []));
    const ended = endings.flatMap((end) => ('ended' in end ? [end.ended] : []));
    if (stored.length > 0) await writeStored(manager, stored);
    if (ended.length === 0) return 0;
    metrics.clearingHalves.inc({ half: 'ended' }, ended.length);
    return writeEnded(manager, ended, days);
  };
}

function readable<T>(message: BusMessage, log: Log, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { subject, seq } = message;
    log.debug(
      { subject, seq, reason: toHubError(error).detail },
      'no detail record for an unreadable message',
    );
    return undefined;
  }
}

class LedgerReader implements LaneReader {
  private waiting: BusMessage[] = [];
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  private constructor(
    private readonly store: Store,
    private readonly database: DataSource,
    private readonly log: Log,
  ) {}

  static async on(
    link: BusLink,
    stream: typeof STREAMS.out | typeof STREAMS.report,
    store: Store,
    { database, log }: LedgerOptions,
  ): Promise<() => Promise<void>> {
    const reader = new LedgerReader(store, database, log);
    const lane = await LaneConsumer.on(
      link,
      {
        stream,
        durable: clearingConsumer.durable_name,
        window: 2 * BATCH,
        ensure: (session) => ensureConsumer(session, stream, clearingConsumer),
      },
      reader,
    );
    return async () => {
      await lane.stop();
      reader.stopping.abort();
      await reader.running;
    };
  }

  takeOver(): void {
    this.waiting = [];
  }

  read(message: BusMessage): void {
    this.waiting.push(message);
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
    });
  }

  private async drain(): Promise<void> {
    await sleep(LINGER_MS, this.stopping.signal);
    for (let attempt = 1; this.waiting.length > 0;) {
      const batch = this.waiting.slice(0, BATCH);
      try {
        const complete = await this.database.transaction((manager) => this.store(manager, batch));
        metrics.clearingRecords.inc(complete);
        for (const message of batch) message.ack();
        const done = new Set(batch);
        this.waiting = this.waiting.filter((message) => !done.has(message));
        attempt = 1;
      } catch (error) {
        this.log.warn(
          { reason: (error as Error).message, waiting: this.waiting.length },
          'detail records not written, trying again',
        );
        if (this.stopping.signal.aborted) return;
        for (const message of this.waiting) message.working();
        await sleep(backoff(attempt++, 200, 5000), this.stopping.signal);
      }
    }
  }
}
