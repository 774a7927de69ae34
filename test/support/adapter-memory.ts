/** The durable memory of a network, as a process of its adapter has it: with the rights of the network. */
import { readFileSync } from 'node:fs';
import { Bucket, BusConnection, OrderedPublisher } from '#bus';
import { correlationBucket, networkBucket, type Network } from '#protocol';
import { quiet, type HubFixture } from './hub-fixture.js';

export interface AdapterMemory {
  connection: BusConnection;
  publisher: OrderedPublisher;
  memory: Bucket;
  recent: Bucket;
}

/** Opens the memory of one more process; the hub closes it. @param creds file of the network's credentials */
export async function adapterMemory(hub: HubFixture, member: Network, creds: string): Promise<AdapterMemory> {
  const connection = await BusConnection.open(
    { url: hub.natsUrl, creds: readFileSync(creds, 'utf8'), name: `adapter-${member}`, member },
    quiet,
  );
  const publisher = await OrderedPublisher.on(connection);
  hub.stops.push(async () => {
    publisher.close();
    await connection.close();
  });
  const bucket = (name: string) => new Bucket(connection, publisher, name);
  return {
    connection,
    publisher,
    memory: bucket(networkBucket(member)),
    recent: bucket(correlationBucket(member)),
  };
}
