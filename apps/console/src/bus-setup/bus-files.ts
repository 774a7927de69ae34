/**
 * The files of a production bus, one folder for each service, so that each container mounts its own folder only. The seeds, with which
 * any credentials can be made, are only in the folder of the console.
 */
import type { BusAuthority } from '#bus';

/** Processes of the hub that connect to the bus. */
export const HUB_SERVICES = ['console', 'switch', 'recorder', 'clearing', 'media-gateway'] as const;

/** File with the seeds. */
export const SEEDS_FILE = 'console/authority.json';

/** Paths of the certificate and its key in the container of nats-server. */
const TLS = 'tls { cert_file: "/tls/server.crt", key_file: "/tls/server.key" }';

/** @returns contents by path, relative to the output folder */
export async function busFiles(
  authority: BusAuthority,
  { tls }: { tls: boolean },
): Promise<Record<string, string>> {
  const server = [
    'listen: "0.0.0.0:4222"',
    // Loopback only: monitoring shows connections, subjects and account names without authentication.
    'http: "127.0.0.1:8222"',
    'max_payload: 1MB',
    // nats-server writes to disk before it acknowledges: docs/decisions/0015-durability.md.
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
