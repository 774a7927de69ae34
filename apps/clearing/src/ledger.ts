/**
 * Writes detail records: reads what was routed and how it ended, and stores both halves in batches. A message is
 * acknowledged when its batch is committed, so a database that is away only delays the ledger.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { BatchReader, BusConnection, clearingConsumer, type BusMessage } from '#bus';
import type { BusinessDays } from '#clearing';
import { HubError, STREAM_SUBJECTS, STREAMS, toHubError } from '#protocol';
import { LOG, metrics, SETTINGS, type Log } from '#service';
import { BUSINESS_DAYS } from './business-days.js';
import type { ClearingSettings } from './clearing.config.js';
import { ending, partyHash, routedHalf, type Hash } from './halves.js';
import { writeEnded, writeRouted, writeStored } from './write-halves.js';

const BATCH = 1000;

/** @returns how many records became complete */
type Store = (manager: EntityManager, batch: readonly BusMessage[]) => Promise<number>;

interface Reading {
  days: BusinessDays;
  hash: Hash;
  log: Log;
}

@Injectable()
export class Ledger implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stops: (() => Promise<void>)[] = [];

  constructor(
    @Inject(BusConnection) private readonly link: BusConnection,
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(BUSINESS_DAYS) private readonly days: BusinessDays,
    @Inject(SETTINGS) private readonly settings: ClearingSettings,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { days, log } = this;
    const reading = { days, log, hash: partyHash(this.settings.CLEARING_PARTY_KEY) };
    this.stops.push(
      await this.read(STREAMS.out, routedStore(reading)),
      await this.read(STREAMS.report, endedStore(reading)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    for (const stop of this.stops) await stop();
  }

  /** Is the next message that is not in the ledger younger? @throws HubError 91 while the bus is away */
  hasRead(until: Date): Promise<boolean> {
    return ledgerHasRead(this.link, until);
  }

  private read(
    stream: typeof STREAMS.out | typeof STREAMS.report,
    store: Store,
  ): Promise<() => Promise<void>> {
    return BatchReader.on(
      this.link,
      { stream, durable: clearingConsumer.durable_name, size: BATCH, what: 'detail records' },
      async (batch) => {
        metrics.clearingRecords.inc(await this.database.transaction((manager) => store(manager, batch)));
      },
      this.log,
    );
  }
}

/** Is the next message that is not in the ledger younger? @throws HubError 91 while the bus is away */
export async function ledgerHasRead(link: BusConnection, until: Date): Promise<boolean> {
  const { session } = link;
  if (!session) throw new HubError('91', 'the bus is away');
  for (const stream of [STREAMS.out, STREAMS.report]) {
    const { ack_floor: floor } = await session.jsm.consumers.info(stream, clearingConsumer.durable_name);
    const next = { seq: floor.stream_seq + 1, next_by_subj: STREAM_SUBJECTS[stream] };
    const message = await session.jsm.streams.getMessage(stream, next);
    if (message && message.time < until) return false;
  }
  return true;
}

function routedStore({ days, hash, log }: Reading): Store {
  return async (manager, batch) => {
    const halves = batch.flatMap((message) => readable(message, log, () => routedHalf(message, hash)) ?? []);
    if (halves.length === 0) return 0;
    metrics.clearingHalves.inc({ half: 'routed' }, halves.length);
    return writeRouted(manager, halves, days);
  };
}

function endedStore({ days, hash, log }: Reading): Store {
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
