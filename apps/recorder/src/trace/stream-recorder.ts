/**
 * Writes the trace: reads the streams and stores checkpoints in batches. A message is acknowledged when its checkpoints are
 * committed, so a database that is away only delays the trace. If there are several recorders, one of them reads each stream;
 * when it ends, another takes over within seconds.
 */
import { Inject, Injectable } from '@nestjs/common';
import { BatchReader, BusConnection, recorderConsumer, type BusMessage } from '#bus';
import { STREAMS, toHubError } from '#protocol';
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
  /** By stream: stops reading it. */
  private readonly readers = new Map<string, () => Promise<void>>();

  constructor(
    private readonly link: BusConnection,
    private readonly repository: TraceRepository,
    @Inject(LOG) log: Log,
  ) {
    super(LOOK_MS, TASK, log);
  }

  /** Reads routed events and outcomes, and the events of each network as soon as its stream exists. */
  override async onApplicationBootstrap(): Promise<void> {
    for (const stream of [STREAMS.out, STREAMS.report]) await this.read(stream);
    await tolerate(TASK, this.log, () => this.round());
    await super.onApplicationBootstrap();
  }

  override async onApplicationShutdown(): Promise<void> {
    await super.onApplicationShutdown();
    for (const stop of this.readers.values()) await stop();
  }

  async round(): Promise<void> {
    const { session } = this.link;
    if (!session) return;
    for (const stream of await newNetworkStreams(session, this.readers)) await this.read(stream);
  }

  private async read(stream: string): Promise<void> {
    const options = { durable: recorderConsumer.durable_name, size: BATCH, what: 'trace', stream };
    const store = (batch: readonly BusMessage[]) => this.store(batch);
    this.readers.set(stream, await BatchReader.on(this.link, options, store, this.log));
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
