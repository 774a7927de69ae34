/** Starts the apps of the hub: first the console, which prepares the bus and the database, then all others. */
import type { BusAuthority } from '#bus/bus-authority';
import { writeSecretFile } from '#network-manifest';
import { ConsoleClient } from './console-client.js';
import type { HostedAppName, HubFile } from './hub-file.js';
import { startNats, startPostgres } from './infrastructure.js';
import { appsAreSeparate, type StartContext } from './start-context.js';
import { liveAt } from './supervisor.js';
import { USUAL_PORTS } from './usual-ports.js';

export interface StartedConsole {
  nats: string;
  database: string;
  client: ConsoleClient;
}

/** Starts the console with the bus and the database, which it needs. It needs no network, so networks start at the same time. */
export async function startConsole(
  context: StartContext,
  authority: BusAuthority,
  hubCreds: string,
): Promise<StartedConsole> {
  const { installation, supervisor, secrets, phases } = context;
  const [nats, database] = await Promise.all([
    phases.measure('nats-server', () => startNats(context, authority)),
    phases.measure('PostgreSQL', () => startPostgres(context)),
  ]);
  installation.say('starting the console, which brings the tables of the database up to date ...');
  const seeds =
    process.env['BUS_AUTHORITY'] ??
    writeSecretFile(installation.folder, 'bus-authority.json', JSON.stringify(secrets.busSeeds));
  const port = await installation.ports.choose('console', USUAL_PORTS.console);
  await phases.measure('console', () =>
    supervisor.app('console', port, {
      NATS_URL: nats,
      NATS_CREDS: hubCreds,
      DATABASE_URL: database,
      BUS_AUTHORITY: seeds,
      ADMIN_KEY: secrets.adminKey,
      SECOND_ADMIN_KEY: secrets.secondAdminKey,
      ADMIN_PASSWORD: secrets.passwordOf('first-admin'),
      SECOND_ADMIN_PASSWORD: secrets.passwordOf('second-admin'),
      ENCRYPTION_KEY: secrets.encryptionKey,
    }),
  );
  const client = new ConsoleClient(`http://127.0.0.1:${port}`, secrets.adminKey);
  await client.openExchange(secrets.secondAdminKey);
  return { nats, database, client };
}

interface HostedApp {
  name: HostedAppName;
  port: number;
  env: Record<string, string>;
}

/** Its credentials, and those of Janus if there is one. */
type GatewaySettings = { NATS_CREDS: string } & Record<string, string>;

/** Starts all apps of the hub except the console, which has already prepared the database for them. */
export async function startHubApps(
  context: StartContext,
  bus: { NATS_URL: string; NATS_CREDS: string },
  database: string,
  gateway: GatewaySettings,
): Promise<void> {
  const { installation, supervisor, phases } = context;
  const apps = await hostedApps(context, bus, database, gateway);
  if (appsAreSeparate()) {
    await Promise.all(
      apps.map(({ name, port, env }) => phases.measure(name, () => supervisor.app(name, port, env))),
    );
    return;
  }
  const file: HubFile = {
    apps: apps.map(({ name, port, env }) => ({ name, env: { HTTP_PORT: String(port), ...env } })),
  };
  const written = writeSecretFile(installation.folder, 'hub.json', JSON.stringify(file));
  await phases.measure('hub', () =>
    supervisor.script(
      'hub',
      ['dist/apps/standalone/src/hub.main.js', written],
      { all: apps.map(({ port }) => liveAt(port)) },
      { METRICS_PORT: '0' },
    ),
  );
}

async function hostedApps(
  { installation: { ports }, secrets }: StartContext,
  bus: { NATS_URL: string; NATS_CREDS: string },
  database: string,
  gateway: GatewaySettings,
): Promise<HostedApp[]> {
  const gatewayPort = await ports.choose('media-gateway', USUAL_PORTS['media-gateway']);
  const links = {
    MEDIA_LINK_KEY: secrets.keyOf('media-links'),
    MEDIA_LINK_URL: `http://127.0.0.1:${gatewayPort}`,
  };
  return [
    {
      name: 'switch',
      port: await ports.choose('switch', USUAL_PORTS.switch),
      env: { ...bus, ...links },
    },
    {
      name: 'recorder',
      port: await ports.choose('recorder', USUAL_PORTS.recorder),
      env: { ...bus, DATABASE_URL: database },
    },
    {
      name: 'clearing',
      port: await ports.choose('clearing', USUAL_PORTS.clearing),
      env: { ...bus, DATABASE_URL: database, CLEARING_PARTY_KEY: secrets.keyOf('clearing-parties') },
    },
    { name: 'media-gateway', port: gatewayPort, env: { ...bus, ...gateway, ...links } },
  ];
}
