/**
 * The files that a bus of one's own needs, a folder for each service, so that every container is given its own folder and
 * nothing else: the seeds, from which any credentials can be made, are in that of the console alone.
 */
import type { BusAuthority } from '#bus';

/** The processes of the hub that join the bus. */
export const HUB_SERVICES = ['console', 'switch', 'recorder', 'clearing', 'media-gateway'] as const;

/** Which every credential is made with. */
export const SEEDS_FILE = 'console/authority.json';

/** Where the container of nats-server has its certificate, when it has one. */
const TLS = 'tls { cert_file: "/tls/server.crt", key_file: "/tls/server.key" }';

/** @returns content by path, relative to the folder of the set-up */
export async function busFiles(
  authority: BusAuthority,
  { tls }: { tls: boolean },
): Promise<Record<string, string>> {
  const server = [
    'listen: "0.0.0.0:4222"',
    // Inside the container only: it tells connections, subjects and names of accounts to whoever asks.
    'http: "127.0.0.1:8222"',
    'max_payload: 1MB',
    // Writes to disk before it acknowledges: docs/decisions/0015-durability.md.
    'jetstream { store_dir: "/data", max_file_store: 1PB, sync_interval: always }',
    ...(tls ? [TLS] : []),
    await authority.serverConfig('/data/accounts'),
    '',
  ].join('\n');
  const credentials = await Promise.all(
    HUB_SERVICES.map(async (name) => [`${name}/hub.creds`, await credentialsOf(name, authority)] as const),
  );
  return {
    [SEEDS_FILE]: JSON.stringify(authority.seeds),
    'nats/nats-server.conf': server,
    ...Object.fromEntries(credentials),
  };
}

function credentialsOf(name: (typeof HUB_SERVICES)[number], authority: BusAuthority): Promise<string> {
  return name === 'media-gateway' ? authority.mediaGatewayCredentials() : authority.hubCredentials(name);
}
