/**
 * Reads consumers in batches, apart from the delivery of messages. A message is acknowledged when its batch is stored. While
 * the database is unavailable the reader waits and catches up later. A batch holds an equal share of every consumer, so that a
 * flood in one does not hold up the others.
 */
import { backoff, sleep, tolerate, type Log } from '#service';
import type { BusConnection } from './bus-connection.js';
import { evenBatch } from './even-batch.js';
import { LaneConsumer } from './lane-consumer.js';
import type { BusMessage } from './lane-reader.js';

/** How long a batch that is not full waits for more, ms. */
const LINGER_MS = 100;

export interface BatchOptions {
  /** Maximum number of messages in a batch. */
  size: number;
  /** What is delayed when a batch cannot be stored, for the log. */
  what: string;
}

export class BatchReader {
  /** By name of the consumer. */
  private readonly consumers = new Map<string, Promise<LaneConsumer>>();
  /** By consumer, oldest first. Bounded by what the bus hands out before earlier messages are acknowledged. */
  private readonly waiting = new Map<string, BusMessage[]>();
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  /** @param store resolves when the whole batch is stored */
  constructor(
    private readonly connection: BusConnection,
    private readonly stream: string,
    private readonly options: BatchOptions,
    private readonly store: (batch: readonly BusMessage[]) => Promise<void>,
    private readonly log: Log,
  ) {}

  reads(durable: string): boolean {
    return this.consumers.has(durable);
  }

  /** Reads this consumer too, until the stop. */
  async read(durable: string): Promise<void> {
    const consumer = LaneConsumer.on(
      this.connection,
      { stream: this.stream, durable, window: 2 * this.options.size },
      // A new owner gets again what is not acknowledged.
      { becomeOwner: () => this.waiting.delete(durable), read: (message) => this.take(durable, message) },
    );
    this.consumers.set(durable, consumer);
    await consumer;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.consumers.values()].map(async (consumer) => (await consumer).stop()));
    this.stopping.abort();
    await this.running;
  }

  private take(durable: string, message: BusMessage): void {
    const queue = this.waiting.get(durable) ?? [];
    this.waiting.set(durable, queue);
    queue.push(message);
    this.running ??= tolerate(this.options.what, this.log, () => this.drain()).finally(() => {
      this.running = undefined;
    });
  }

  private async drain(): Promise<void> {
    for (let attempt = 1; this.waiting.size > 0;) {
      // Each batch is a transaction, a write to the disk which the bus may share.
      if (attempt === 1 && this.count() < this.options.size) await sleep(LINGER_MS, this.stopping.signal);
      const batch = evenBatch(this.waiting.values(), this.options.size);
      // Another process became the owner meanwhile.
      if (batch.length === 0) return;
      try {
        await this.store(batch);
        for (const message of batch) message.ack();
        this.done(new Set(batch));
        attempt = 1;
      } catch (error) {
        this.log.warn(
          { reason: (error as Error).message, waiting: this.count() },
          `${this.options.what} not written, trying again`,
        );
        if (this.stopping.signal.aborted) return;
        await tolerate(this.options.what, this.log, () => {
          for (const queue of this.waiting.values()) for (const message of queue) message.working();
        });
        await sleep(backoff(attempt++, 200, 5000), this.stopping.signal);
      }
    }
  }

  private count(): number {
    let count = 0;
    for (const queue of this.waiting.values()) count += queue.length;
    return count;
  }

  private done(batch: ReadonlySet<BusMessage>): void {
    for (const [durable, queue] of this.waiting) {
      const rest = queue.filter((message) => !batch.has(message));
      if (rest.length > 0) this.waiting.set(durable, rest);
      else this.waiting.delete(durable);
    }
  }
}
