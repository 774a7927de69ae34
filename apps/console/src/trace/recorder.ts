/**
 * Writes the trace: reads the three streams and stores checkpoints in batches, one statement per table. A message is
 * acknowledged when its checkpoints are committed, so a database that is away only delays the trace.
 */
import { DataSource } from 'typeorm';
import { LaneConsumer, recorderConsumer, ensureConsumer, type BusMessage, type LaneReader } from '#bus';
import { STREAMS, toHubError } from '#protocol';
import { backoff, metrics, sleep, type Log } from '#service';
import type { ConsoleBus } from '../console-bus.js';
import { CheckpointRow, MediaUseRow, NativeRefRow } from '#database';
import { toCheckpoints, type Recorded } from './checkpoints.js';

const BATCH = 500;
const LINGER_MS = 100;

export class Recorder implements LaneReader {
  private waiting: BusMessage[] = [];
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  private constructor(
    private readonly database: DataSource,
    private readonly log: Log,
  ) {}

  static async start(bus: ConsoleBus, database: DataSource, log: Log): Promise<() => Promise<void>> {
    const recorders = [STREAMS.in, STREAMS.out, STREAMS.report].map(async (stream) => {
      const recorder = new Recorder(database, log);
      const options = {
        stream,
        durable: recorderConsumer.durable_name,
        window: 2 * BATCH,
        ensure: (session: Parameters<typeof ensureConsumer>[0]) =>
          ensureConsumer(session, stream, recorderConsumer),
      };
      const lane = await LaneConsumer.on(bus.link, options, recorder);
      return async () => {
        await lane.stop();
        recorder.stopping.abort();
        await recorder.running;
      };
    });
    const stops = await Promise.all(recorders);
    return async () => {
      for (const stop of stops) await stop();
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
        await this.store(batch);
        this.waiting = this.waiting.filter((message) => !batch.includes(message));
        attempt = 1;
      } catch (error) {
        this.log.warn(
          { reason: (error as Error).message, waiting: this.waiting.length },
          'trace not written, trying again',
        );
        if (this.stopping.signal.aborted) return;
        for (const message of this.waiting) message.working();
        await sleep(backoff(attempt++, 200, 5000), this.stopping.signal);
      }
    }
  }

  private async store(batch: BusMessage[]): Promise<void> {
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
    for (const message of batch) message.ack();
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
