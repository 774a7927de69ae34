/**
 * Writes the trace: reads the streams and stores checkpoints in batches. A message is acknowledged when its checkpoints are
 * committed, so a database that is away only delays the trace. If there are several recorders, one of them reads each consumer;
 * when it ends, another takes over within seconds.
 */
import { Inject, Injectable } from '@nestjs/common';
import { BatchReader, BusConnection, newSharedConsumers, recorderConsumer, type BusMessage } from '#bus';
import { consumers, toHubError } from '#protocol';
import { LOG, metrics, PeriodicWorker, tolerate, type Log } from '#service';
import { toCheckpoints, type Recorded } from './checkpoints.js';
import { newNetworkStreams } from './network-streams.js';
import { TraceRepository } from './trace.repository.js';

const BATCH = 500;
/** Interval at which the bus is searched for streams of newly admitted networks. */
const LOOK_MS = 1000;
const TASK = 'streams of networks looked for';

@Injectable()
export class StreamRecorder extends PeriodicWorker {
  /** By stream. */
  private readonly readers = new Map<string, BatchReader>();

  constructor(
    private readonly link: BusConnection,
    private readonly repository: TraceRepository,
    @Inject(LOG) log: Log,
  ) {
    super(LOOK_MS, TASK, log);
  }

  /** Reads what each network sends, what is routed to it and its outcomes, as soon as it is admitted. */
  override async onApplicationBootstrap(): Promise<void> {
    await tolerate(TASK, this.log, () => this.round());
    await super.onApplicationBootstrap();
  }

  override async onApplicationShutdown(): Promise<void> {
    await super.onApplicationShutdown();
    for (const reader of this.readers.values()) await reader.stop();
  }

  async round(): Promise<void> {
    const { session } = this.link;
    if (!session) return;
    for (const stream of await newNetworkStreams(session, this.readers))
      await this.readerOf(stream).read(recorderConsumer.durable_name);
    const isKnown = ({ stream, durable }: { stream: string; durable: string }) =>
      this.readerOf(stream).reads(durable);
    for (const { stream, durable } of await newSharedConsumers(session, consumers.recorderOf, isKnown))
      await this.readerOf(stream).read(durable);
  }

  private readerOf(stream: string): BatchReader {
    const known = this.readers.get(stream);
    if (known) return known;
    const store = (batch: readonly BusMessage[]) => this.store(batch);
    const reader = new BatchReader(this.link, stream, { size: BATCH, what: 'trace' }, store, this.log);
    this.readers.set(stream, reader);
    return reader;
  }

  private async store(batch: readonly BusMessage[]): Promise<void> {
    const recorded = batch.map((message) => this.recordedOf(message));
    const checkpoints = recorded.flatMap((entry) => entry.checkpoints);
    const natives = recorded.flatMap((entry) => entry.natives);
    const media = recorded.flatMap((entry) => entry.media);
    await this.repository.store({ checkpoints, natives, media });
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
