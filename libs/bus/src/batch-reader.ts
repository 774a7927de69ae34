/**
 * Reads a stream in batches, apart from the delivery of messages. A message is acknowledged when its batch is stored. While
 * the database is unavailable the reader waits and catches up later.
 */
import { backoff, sleep, tolerate, type Log } from '#service';
import type { BusConnection } from './bus-connection.js';
import { LaneConsumer, type BusMessage, type LaneReader } from './lane-consumer.js';

const LINGER_MS = 100;

export interface BatchOptions {
  stream: string;
  durable: string;
  /** Maximum number of messages in a batch. */
  size: number;
  /** What is delayed when a batch cannot be stored, for the log. */
  what: string;
}

export class BatchReader implements LaneReader {
  private waiting: BusMessage[] = [];
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  private constructor(
    private readonly options: BatchOptions,
    private readonly store: (batch: readonly BusMessage[]) => Promise<void>,
    private readonly log: Log,
  ) {}

  /** @param store resolves when the whole batch is stored @returns a function that stops the reader */
  static async on(
    connection: BusConnection,
    options: BatchOptions,
    store: (batch: readonly BusMessage[]) => Promise<void>,
    log: Log,
  ): Promise<() => Promise<void>> {
    const reader = new BatchReader(options, store, log);
    const { stream, durable, size } = options;
    const lane = await LaneConsumer.on(connection, { stream, durable, window: 2 * size }, reader);
    return async () => {
      await lane.stop();
      reader.stopping.abort();
      await reader.running;
    };
  }

  becomeOwner(): void {
    this.waiting = [];
  }

  read(message: BusMessage): void {
    this.waiting.push(message);
    this.running ??= tolerate(this.options.what, this.log, () => this.drain()).finally(() => {
      this.running = undefined;
    });
  }

  private async drain(): Promise<void> {
    await sleep(LINGER_MS, this.stopping.signal);
    for (let attempt = 1; this.waiting.length > 0;) {
      const batch = this.waiting.slice(0, this.options.size);
      try {
        await this.store(batch);
        for (const message of batch) message.ack();
        const done = new Set(batch);
        this.waiting = this.waiting.filter((message) => !done.has(message));
        attempt = 1;
      } catch (error) {
        this.log.warn(
          { reason: (error as Error).message, waiting: this.waiting.length },
          `${this.options.what} not written, trying again`,
        );
        if (this.stopping.signal.aborted) return;
        await tolerate(this.options.what, this.log, () => {
          for (const message of this.waiting) message.working();
        });
        await sleep(backoff(attempt++, 200, 5000), this.stopping.signal);
      }
    }
  }
}
