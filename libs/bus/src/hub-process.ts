/** Opens the bus for a process of the hub that only reads streams: clearing, recorder. */
import { busCredentials, busTls, type BusEnvironment, type Log, type Refuse } from '#service';
import { untilTopologyStands } from './bus-objects.js';
import { BusConnection } from './bus-connection.js';
import { StorageCheck } from './storage-check.js';

/**
 * Resolves when the bus was verified to be safe and has all streams, consumers and buckets that the console creates.
 * @param name shown in the server's list of connections
 * @throws StartRefused on a server that acknowledges before it writes, unless BUS_UNSAFE=1
 */
export async function openHubBus(
  settings: BusEnvironment & { BUS_UNSAFE: '0' | '1' },
  name: string,
  log: Log,
  onRefusal: Refuse,
): Promise<BusConnection> {
  const { NATS_URL: url } = settings;
  const connection = await BusConnection.open(
    { url, creds: busCredentials(settings), tls: busTls(settings), name, onRefusal },
    log,
  );
  await StorageCheck.on(connection, settings.BUS_UNSAFE === '1');
  await connection.onSession((session) => untilTopologyStands(session, log));
  return connection;
}
