/**
 * Finds the consumers of the recorder or of clearing on the streams that networks share. The console creates them with each
 * network, so a network that joins is found at the next look.
 */
import { ANY, HUB, network, STREAMS, subjects, type Network } from '#protocol';
import type { BusSession } from './bus-connection.js';
import { createdAt } from './bus-objects.js';

export const SHARED_STREAMS = [STREAMS.out, STREAMS.report] as const;
export type SharedStream = (typeof SHARED_STREAMS)[number];

export interface SharedConsumer {
  stream: SharedStream;
  durable: string;
}

const IN = /^IN_(.+)$/;

/**
 * @param durableOf name of the consumer for a network
 * @param isKnown it is read already
 */
export async function newSharedConsumers(
  session: BusSession,
  durableOf: (network: Network) => string,
  isKnown: (consumer: SharedConsumer) => boolean,
): Promise<SharedConsumer[]> {
  const consumersOf = (one: Network) => SHARED_STREAMS.map((stream) => ({ stream, durable: durableOf(one) }));
  const all: SharedConsumer[] = [{ stream: STREAMS.report, durable: durableOf(HUB) }];
  for await (const name of session.jsm.streams.names(subjects.in(ANY, ANY))) {
    const slug = IN.exec(name)?.[1];
    if (slug !== undefined) all.push(...consumersOf(network(slug)));
  }
  const unknown = all.filter((consumer) => !isKnown(consumer));
  const created = await Promise.all(
    unknown.map(({ stream, durable }) => createdAt(session, `${stream}/${durable}`)),
  );
  return unknown.filter((_, at) => created[at] !== undefined);
}
