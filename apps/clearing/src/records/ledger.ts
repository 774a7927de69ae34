/**
 * Writes detail records: reads routed events and outcomes, and stores both legs of each record in batches. A message is
 * acknowledged when its batch is committed, so a database that is away only delays the ledger.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BatchReader, BusConnection, clearingConsumer, type BusMessage } from '#bus';
import { HubError, STREAM_SUBJECTS, STREAMS, toHubError } from '#protocol';
import { LOG, metrics, SETTINGS, type Log } from '#service';
import type { ClearingSettings } from '../clearing.config.js';
import { ending, partyHash, routedLeg, type Hash } from './record-legs.js';
import { RecordLegsRepository } from './record-legs.repository.js';

const BATCH = 1000;

type Store = (batch: readonly BusMessage[]) => Promise<number>;

@Injectable()
export class Ledger implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stops: (() => Promise<void>)[] = [];
  private readonly hash: Hash;

  constructor(
    private readonly link: BusConnection,
    private readonly legs: RecordLegsRepository,
    @Inject(SETTINGS) settings: ClearingSettings,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.hash = partyHash(settings.CLEARING_PARTY_KEY);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stops.push(
      await this.read(STREAMS.out, (batch) => this.storeRouted(batch)),
      await this.read(STREAMS.report, (batch) => this.storeEnded(batch)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    for (const stop of this.stops) await stop();
  }

  /** Has the ledger stored everything that the bus took before this time? @throws HubError 91 while the bus is away */
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
        metrics.clearingRecords.inc(await store(batch));
      },
      this.log,
    );
  }

  /** @returns how many records became complete */
  private async storeRouted(batch: readonly BusMessage[]): Promise<number> {
    const legs = batch.flatMap(
      (message) => this.readable(message, () => routedLeg(message, this.hash)) ?? [],
    );
    if (legs.length === 0) return 0;
    metrics.clearingHalves.inc({ half: 'routed' }, legs.length);
    return this.legs.routed(legs);
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
  for (const stream of [STREAMS.out, STREAMS.report]) {
    const { ack_floor: floor } = await session.jsm.consumers.info(stream, clearingConsumer.durable_name);
    const next = { seq: floor.stream_seq + 1, next_by_subj: STREAM_SUBJECTS[stream] };
    const message = await session.jsm.streams.getMessage(stream, next);
    if (message && message.time < until) return false;
  }
  return true;
}
