/** Where consumers stand, for what continues in their place, or counts what waits for them. */
import type { ConsumerInfo } from '@nats-io/jetstream';
import { ALL_LANES, consumers, STREAMS, type Network } from '#protocol';
import type { BusSession } from './bus-connection.js';
import { saysNotFound } from './bus-objects.js';

export interface ConsumerPlace {
  /** Everything up to this sequence of the stream is acknowledged. */
  floor: number;
  isRead: boolean;
}

/** @param name `<stream>/<durable>` @returns undefined when the consumer does not exist */
export async function placeOf({ jsm }: BusSession, name: string): Promise<ConsumerPlace | undefined> {
  const [stream = '', durable = ''] = name.split('/');
  const { state } = await jsm.streams.info(stream);
  const info = await found(() => jsm.consumers.info(stream, durable));
  if (!info) return undefined;
  const { num_pending, num_ack_pending, ack_floor, delivered } = info;
  // The floor of a consumer that waits for nothing stays at the last message of its own filter.
  const isIdle = num_pending === 0 && num_ack_pending === 0;
  return {
    floor: isIdle ? Math.max(state.last_seq, ack_floor.stream_seq) : ack_floor.stream_seq,
    isRead: delivered.consumer_seq > 0 || ack_floor.stream_seq > 0,
  };
}

export async function deleteConsumer({ jsm }: BusSession, name: string): Promise<void> {
  const [stream = '', durable = ''] = name.split('/');
  await found(() => jsm.consumers.delete(stream, durable));
}

/** The consumers that the adapter of a network reads: one, or one for each partition. Empty when the network has none. */
export async function adapterConsumerInfos({ jsm }: BusSession, network: Network): Promise<ConsumerInfo[]> {
  const info = (durable: string) => found(() => jsm.consumers.info(STREAMS.out, durable));
  const single = await info(consumers.adapter(network));
  if (single) return [single];
  const all = await Promise.all(ALL_LANES.map((lane) => info(consumers.adapterOfPartition(network, lane))));
  return all.filter((one) => one !== undefined);
}

async function found<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (saysNotFound(error)) return undefined;
    throw error;
  }
}
