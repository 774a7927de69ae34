/**
 * Reads what the switch addressed to the network: one consumer for everything where one process of the adapter works at a time,
 * or one for each partition where its processes share them.
 */
import { LaneConsumer, type BusConnection } from '#bus';
import { ALL_LANES, consumers, STREAMS } from '#protocol';
import { Egress, type EgressOptions } from './egress.js';
import { SharedPartitions } from './shared-partitions.js';

/** Events that the bus sends before earlier ones are acknowledged. */
const WINDOW = 500;

export class OutboundPartitions {
  private constructor(
    private readonly readers: readonly Egress[],
    private readonly consumers: readonly LaneConsumer[],
    /** undefined: one process of the adapter works at a time. */
    private readonly shared: SharedPartitions | undefined,
  ) {}

  /** @param instance of this process, where the processes of the adapter share the partitions */
  static async on(
    connection: BusConnection,
    options: EgressOptions,
    instance: string | undefined,
  ): Promise<OutboundPartitions> {
    const { network, log } = options;
    const durables =
      instance === undefined
        ? [consumers.adapter(network)]
        : ALL_LANES.map((lane) => consumers.adapterOfPartition(network, lane));
    const readers = durables.map(() => new Egress(options));
    const reading = await Promise.all(
      durables.map((durable, at) =>
        LaneConsumer.on(connection, { stream: STREAMS.out, durable, window: WINDOW }, readers[at] as Egress),
      ),
    );
    const shared = instance === undefined ? undefined : new SharedPartitions(instance, reading, log);
    return new OutboundPartitions(readers, reading, shared);
  }

  /** Every consumer exists on the bus. */
  get areThere(): boolean {
    return this.consumers.every(({ isThere }) => isThere);
  }

  /** @param instances processes of the adapter that share the partitions now */
  balance(instances: readonly string[]): void {
    this.shared?.balance(instances);
  }

  /** Reads nothing any more. What is being delivered can still be acknowledged. */
  async stop(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  /** Starts no delivery any more, and waits for those in progress; then the next process may read at once. */
  async drain(patienceMs: number): Promise<void> {
    await Promise.all(
      this.readers.map(async (reader, at) => {
        if (await reader.drain(patienceMs)) await this.consumers[at]?.release();
      }),
    );
  }
}
