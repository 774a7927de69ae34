/**
 * Writes the trace: reads the streams and stores checkpoints in batches, one statement per table. A message is
 * acknowledged when its checkpoints are committed, so a database that is away only delays the trace.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BatchReader, recorderConsumer, type BusMessage } from '#bus';
import { inStream, STREAMS, toHubError } from '#protocol';
import { type Log, LOG, metrics } from '#service';
import { ConsoleBus } from '../core/console-bus.js';
import { NetworksService } from '../networks/networks.service.js';
import { CheckpointRow, MediaUseRow, NativeRefRow } from '#database';
import { toCheckpoints, type Recorded } from './checkpoints.js';

const BATCH = 500;

@Injectable()
export class Recorder implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly readers = new Map<string, Promise<() => Promise<void>>>();

  constructor(
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(NetworksService) private readonly networks: NetworksService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Reads what is routed and how it ends, and what each network sends as soon as its stream exists. */
  async onApplicationBootstrap(): Promise<void> {
    for (const stream of [STREAMS.out, STREAMS.report]) await this.readStream(stream);
    await this.networks.onPrepared((network) => this.readStream(inStream(network)));
  }

  async onApplicationShutdown(): Promise<void> {
    for (const reader of this.readers.values()) await (await reader)();
  }

  /** Safe to call again for the same stream. */
  private async readStream(stream: string): Promise<void> {
    const options = { durable: recorderConsumer.durable_name, size: BATCH, what: 'trace', stream };
    const store = (batch: readonly BusMessage[]) => this.store(batch);
    const reader = this.readers.get(stream) ?? BatchReader.on(this.bus.link, options, store, this.log);
    this.readers.set(stream, reader);
    await reader;
  }

  private async store(batch: readonly BusMessage[]): Promise<void> {
    const recorded = batch.map((message) => this.recordedOf(message));
    const checkpoints = recorded.flatMap((entry) => entry.checkpoints);
    const natives = recorded.flatMap((entry) => entry.natives);
    const media = recorded.flatMap((entry) => entry.media);
    await this.database.transaction(async (manager) => {
      if (checkpoints.length > 0)
        await manager
          .createQueryBuilder()
          .insert()
          .into(CheckpointRow)
          .values(checkpoints)
          .orIgnore()
          .execute();
      if (natives.length > 0)
        await manager.createQueryBuilder().insert().into(NativeRefRow).values(natives).orIgnore().execute();
      if (media.length > 0)
        await manager.createQueryBuilder().insert().into(MediaUseRow).values(media).orIgnore().execute();
    });
    metrics.recorded.inc(checkpoints.length);
  }

  private recordedOf(message: BusMessage): Recorded {
    try {
      return toCheckpoints(message);
    } catch (error) {
      this.log.debug(
        { subject: message.subject, seq: message.seq, reason: toHubError(error).detail },
        'no checkpoint for an unreadable message',
      );
      return { checkpoints: [], natives: [], media: [] };
    }
  }
}
