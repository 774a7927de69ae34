/**
 * Writes detail records: reads routed events and outcomes, and stores both legs of each record in batches. A message is
 * acknowledged when its batch is committed, so a database that is away only delays the ledger.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { ConsumerConfig } from '@nats-io/jetstream';
import {
  BatchReader,
  BusConnection,
  newSharedConsumers,
  SHARED_STREAMS,
  type BusMessage,
  type SharedStream,
} from '#bus';
import { consumers, HubError, STREAM_SUBJECTS, STREAMS, toHubError, type Network } from '#protocol';
import { LOG, metrics, PeriodicWorker, SETTINGS, tolerate, type Log } from '#service';
import type { ClearingSettings } from '../clearing.config.js';
import { ending, partyHash, routed, type Hash } from './record-legs.js';
import { RecordLegsRepository } from './record-legs.repository.js';

const BATCH = 1000;

/** Interval at which the bus is searched for consumers of newly admitted networks. */
const LOOK_MS = 1000;
/** Beginning of the names of clearing's consumers. */
const OF_CLEARING = consumers.clearingOf('' as Network);
const TASK = 'consumers of networks looked for';

type Store = (batch: readonly BusMessage[]) => Promise<number>;

@Injectable()
export class Ledger extends PeriodicWorker {
  private readonly readers: Record<SharedStream, BatchReader>;
  private readonly hash: Hash;

  constructor(
    private readonly link: BusConnection,
    private readonly legs: RecordLegsRepository,
    @Inject(SETTINGS) settings: ClearingSettings,
    @Inject(LOG) log: Log,
  ) {
    super(LOOK_MS, TASK, log);
    this.hash = partyHash(settings.CLEARING_PARTY_KEY);
    this.readers = {
      [STREAMS.out]: this.reader(STREAMS.out, (batch) => this.storeRouted(batch)),
      [STREAMS.report]: this.reader(STREAMS.report, (batch) => this.storeEnded(batch)),
    };
  }

  override async onApplicationBootstrap(): Promise<void> {
    await tolerate(TASK, this.log, () => this.round());
    await super.onApplicationBootstrap();
  }

  override async onApplicationShutdown(): Promise<void> {
    await super.onApplicationShutdown();
    for (const reader of Object.values(this.readers)) await reader.stop();
  }

  /** Reads what is routed to each network and its outcomes, as soon as it is admitted. */
  async round(): Promise<void> {
    const { session } = this.link;
    if (!session) return;
    const { readers } = this;
    const found = await newSharedConsumers(session, consumers.clearingOf, ({ stream, durable }) =>
      readers[stream].reads(durable),
    );
    for (const { stream, durable } of found) await readers[stream].read(durable);
  }

  /** Has the ledger stored everything that the bus took before this time? @throws HubError 91 while the bus is away */
  hasRead(until: Date): Promise<boolean> {
    return ledgerHasRead(this.link, until);
  }

  private reader(stream: SharedStream, store: Store): BatchReader {
    return new BatchReader(
      this.link,
      stream,
      { size: BATCH, what: 'detail records' },
      async (batch) => {
        metrics.clearingRecords.inc(await store(batch));
      },
      this.log,
    );
  }

  /** @returns how many records became complete */
  private async storeRouted(batch: readonly BusMessage[]): Promise<number> {
    const kept = batch.flatMap((message) => this.readable(message, () => routed(message, this.hash)) ?? []);
    const legs = kept.flatMap((one) => ('leg' in one ? [one.leg] : []));
    const acts = kept.flatMap((one) => ('act' in one ? [one.act] : []));
    if (legs.length + acts.length === 0) return 0;
    metrics.clearingHalves.inc({ half: 'routed' }, legs.length);
    return this.legs.routed(legs, acts);
  }

  /** @returns how many records became complete */
  private async storeEnded(batch: readonly BusMessage[]): Promise<number> {
    const endings = batch.flatMap(
      (message) => this.readable(message, () => ending(message, this.hash)) ?? [],
    );
    const stored = endings.flatMap((end) => ('stored' in end ? [end.stored] : []));
    const ended = endings.flatMap((end) => ('ended' in end ? [end.ended] : []));
    if (stored.length + ended.length === 0) return 0;
    if (ended.length > 0) metrics.clearingHalves.inc({ half: 'ended' }, ended.length);
    return this.legs.ended(stored, ended);
  }

  private readable<T>(message: BusMessage, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      const { subject, seq } = message;
      const reason = toHubError(error).detail;
      this.log.debug({ subject, seq, reason }, 'no detail record for an unreadable message');
      return undefined;
    }
  }
}

/** Is the oldest message that is not in the ledger younger than this time? @throws HubError 91 while the bus is away */
export async function ledgerHasRead(link: BusConnection, until: Date): Promise<boolean> {
  const { session } = link;
  if (!session) throw new HubError('91', 'the bus is away');
  for (const stream of SHARED_STREAMS) {
    for await (const info of session.jsm.consumers.list(stream)) {
      if (!info.name.startsWith(OF_CLEARING)) continue;
      for (const next_by_subj of filtersOf(info.config) ?? STREAM_SUBJECTS[stream]) {
        const next = { seq: info.ack_floor.stream_seq + 1, next_by_subj };
        const message = await session.jsm.streams.getMessage(stream, next);
        if (message && message.time < until) return false;
      }
    }
  }
  return true;
}

function filtersOf({ filter_subject, filter_subjects }: ConsumerConfig): string[] | undefined {
  return filter_subjects ?? (filter_subject === undefined ? undefined : [filter_subject]);
}
