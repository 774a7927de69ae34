/**
 * Writes the trace: reads the three streams and stores checkpoints in batches, one statement per table. A message is
 * acknowledged when its checkpoints are committed, so a database that is away only delays the trace.
 */
import { DataSource } from 'typeorm';
import { BatchReader, recorderConsumer, type BusMessage } from '#bus';
import { STREAMS, toHubError } from '#protocol';
import { metrics, type Log } from '#service';
import type { ConsoleBus } from '../console-bus.js';
import { CheckpointRow, MediaUseRow, NativeRefRow } from '#database';
import { toCheckpoints, type Recorded } from './checkpoints.js';

const BATCH = 500;

export class Recorder {
  private constructor(
    private readonly database: DataSource,
    private readonly log: Log,
  ) {}

  static async start(bus: ConsoleBus, database: DataSource, log: Log): Promise<() => Promise<void>> {
    const recorder = new Recorder(database, log);
    const options = { durable: recorderConsumer.durable_name, size: BATCH, what: 'trace' };
    const stops = await Promise.all(
      [STREAMS.in, STREAMS.out, STREAMS.report].map((stream) =>
        BatchReader.on(bus.link, { ...options, stream }, (batch) => recorder.store(batch), log),
      ),
    );
    return async () => {
      for (const stop of stops) await stop();
    };
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
