/**
 * Reads consumers in batches, apart from the delivery of messages. A message is acknowledged when its batch is stored. While
 * the database is unavailable the reader waits and catches up later. A batch holds messages of all consumers in the order of
 * their arrival, and each consumer may wait with at most two batches, so that a flood in one does not hold up the others.
 */
import { backoff, sleep, tolerate, type Log } from '#service';
import type { BusConnection } from './bus-connection.js';
import { LaneConsumer, type BusMessage } from './lane-consumer.js';

const LINGER_MS = 100;

export interface BatchOptions {
  /** Maximum number of messages in a batch. */
  size: number;
  /** What is delayed when a batch cannot be stored, for the log. */
  what: string;
}

interface Waiting {
  durable: string;
  message: BusMessage;
}

export class BatchReader {
  /** By name of the consumer. */
  private readonly consumers = new Map<string, Promise<LaneConsumer>>();
  private waiting: Waiting[] = [];
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
      { becomeOwner: () => this.forget(durable), read: (message) => this.take({ durable, message }) },
    );
    this.consumers.set(durable, consumer);
    await consumer;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.consumers.values()].map(async (consumer) => (await consumer).stop()));
    this.stopping.abort();
    await this.running;
  }

  /** Everything of this consumer that is not acknowledged comes again. */
  private forget(durable: string): void {
    this.waiting = this.waiting.filter((one) => one.durable !== durable);
  }

  private take(one: Waiting): void {
    this.waiting.push(one);
    this.running ??= tolerate(this.options.what, this.log, () => this.drain()).finally(() => {
      this.running = undefined;
    });
  }

  private async drain(): Promise<void> {
    await sleep(LINGER_MS, this.stopping.signal);
    for (let attempt = 1; this.waiting.length > 0;) {
      const batch = this.waiting.slice(0, this.options.size);
      try {
        await this.store(batch.map(({ message }) => message));
        for (const { message } of batch) message.ack();
        const done = new Set(batch);
        this.waiting = this.waiting.filter((one) => !done.has(one));
        attempt = 1;
      } catch (error) {
        this.log.warn(
          { reason: (error as Error).message, waiting: this.waiting.length },
          `${this.options.what} not written, trying again`,
        );
        if (this.stopping.signal.aborted) return;
        await tolerate(this.options.what, this.log, () => {
          for (const { message } of this.waiting) message.working();
        });
        await sleep(backoff(attempt++, 200, 5000), this.stopping.signal);
      }
    }
  }
}
