/** Everything on one machine, with one command: engines, every process of the hub, networks, and people to try it. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusAuthority, isStillValid } from '#bus';
import {
  findFfmpeg,
  findNatsServer,
  findPostgres,
  natsServer,
  postgres,
  postgresUrl,
  required,
  type Say,
  natsAccountsFolder,
} from '#engines';
import { Ports, writeSecretFile, type Installation, type NetworkManifest } from '#network-manifest';
import { sleep } from '#service';
import { ConsoleClient } from './console-client.js';
import type { AdaptersFile } from './adapters-file.js';
import { describeNetworks } from './describe-networks.js';
import { NETWORKS } from './networks.js';
import { startSimulators } from './simulators.js';
import { Secrets } from './secrets.js';
import type { StandaloneFile } from './standalone-file.js';
import { InUse } from './in-use.js';
import { Supervisor } from './supervisor.js';
import { wantedNetworks } from './wanted.js';

const READY_MS = 90_000;

export class Standalone {
  private readonly installation: Installation;
  private readonly supervisor: Supervisor;
  private readonly secrets: Secrets;
  private readonly wanted: NetworkManifest[];

  /** @param networks to start, with commas; all that there are, if not said. @throws InUse, and Error for an unknown network */
  constructor(
    private readonly folder: string,
    private readonly say: Say,
    networks: string | undefined,
  ) {
    const runnable = NETWORKS.filter(({ standalone }) => standalone !== undefined);
    const slugs = wantedNetworks(
      networks,
      runnable.map(({ slug }) => slug),
    );
    this.wanted = runnable.filter(({ slug }) => slugs.includes(slug));
    mkdirSync(folder, { recursive: true });
    this.claim();
    this.supervisor = new Supervisor(folder, say);
    this.secrets = Secrets.in(folder);
    this.installation = {
      folder,
      say,
      secrets: this.secrets,
      supervisor: this.supervisor,
      ports: new Ports(say),
      slugs: this.wanted.map(({ slug }) => slug),
    };
  }

  async start(): Promise<StandaloneFile> {
    rmSync(this.file, { force: true });
    const { supervisor, secrets } = this;
    const { ports } = this.installation;
    const authority = new BusAuthority(secrets.busSeeds);
    const hubCreds = writeSecretFile(this.folder, 'hub.creds', await authority.hubCredentials('hub'));
    const gatewayCreds = writeSecretFile(
      this.folder,
      'media-gateway.creds',
      await authority.mediaGatewayCredentials(),
    );
    this.say(
      `starting ${this.installation.slugs.join(', ')}: first the bus, the database and their own servers ...`,
    );
    const [nats, database, networks, tools] = await Promise.all([
      this.startNats(authority),
      this.startPostgres(),
      this.openNetworks(),
      this.findTools(),
    ]);
    const bus = { NATS_URL: nats, NATS_CREDS: hubCreds };
    this.say('starting the console, which brings the tables of the database up to date ...');
    const client = await this.startConsole(bus, database);
    this.say('starting the switch, the recorder, clearing and the media gateway ...');
    await client.openExchange(secrets.secondAdminKey);
    const links = { MEDIA_LINK_KEY: secrets.keyOf('media-links') };
    const gatewayPort = await ports.choose('media-gateway', 8088);
    await supervisor.app('switch', await ports.choose('switch', 8081), {
      ...bus,
      ...links,
      MEDIA_LINK_URL: `http://127.0.0.1:${gatewayPort}`,
    });
    await Promise.all([
      supervisor.app('recorder', await ports.choose('recorder', 8097), { ...bus, DATABASE_URL: database }),
      supervisor.app('clearing', await ports.choose('clearing', 8089), {
        ...bus,
        DATABASE_URL: database,
        CLEARING_PARTY_KEY: secrets.keyOf('clearing-parties'),
      }),
      supervisor.app('media-gateway', gatewayPort, {
        NATS_URL: nats,
        NATS_CREDS: gatewayCreds,
        ...links,
      }),
    ]);
    await this.startAdapters(networks, client, { NATS_URL: nats, ...tools });
    this.say('waiting until every network has signed on ...');
    await this.untilSignedOn(client, networks);
    const file = this.describe(nats, hubCreds, database, networks);
    writeFileSync(`${this.file}.part`, JSON.stringify(file, null, 2), { mode: 0o600 });
    renameSync(`${this.file}.part`, this.file);
    return file;
  }

  async stop(): Promise<void> {
    rmSync(this.file, { force: true });
    await this.supervisor.stop();
    rmSync(this.lock, { force: true });
  }

  private get file(): string {
    return join(this.folder, 'standalone.json');
  }

  private get lock(): string {
    return join(this.folder, 'standalone.pid');
  }

  /** Two of us on one data folder would ruin it. */
  private claim(): void {
    const pid = existsSync(this.lock) ? Number(readFileSync(this.lock, 'utf8')) : 0;
    if (
      pid > 0 &&
      pid !== process.pid &&
      existsSync(`/proc/${pid}/cmdline`) &&
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('standalone')
    ) {
      throw new InUse(this.folder, pid, this.whatRuns());
    }
    writeFileSync(this.lock, String(process.pid));
  }

  /** As the installation that runs here described itself; it may still be starting. */
  private whatRuns(): StandaloneFile | undefined {
    return existsSync(this.file)
      ? (JSON.parse(readFileSync(this.file, 'utf8')) as StandaloneFile)
      : undefined;
  }

  /** @returns those that can be had here */
  private async openNetworks(): Promise<NetworkManifest[]> {
    const { installation, wanted } = this;
    for (const { standalone } of wanted)
      for (const [name, usual] of Object.entries(standalone?.ports ?? {}))
        await installation.ports.choose(name, usual);
    const opened = await Promise.all(
      wanted.map(({ standalone }) => standalone?.open?.(installation) ?? Promise.resolve(true)),
    );
    const networks = wanted.filter((_, at) => opened[at]);
    await startSimulators(installation, this.supervisor, networks);
    return networks;
  }

  private async startNats(authority: BusAuthority): Promise<string> {
    const given = process.env['NATS_URL'];
    if (given) return given;
    const found = required('nats-server', await findNatsServer(this.say));
    const { supervisor } = this;
    const { ports } = this.installation;
    const options = {
      program: found.paths.program,
      folder: join(this.folder, 'nats'),
      port: await ports.choose('nats', 4222),
      monitorPort: await ports.choose('nats-monitor', 8222),
      trust: await authority.serverConfig(natsAccountsFolder(join(this.folder, 'nats'))),
    };
    await supervisor.run((onCrash) => natsServer(options, onCrash));
    this.say(`nats-server ${found.version} on port ${options.port}`);
    return `nats://127.0.0.1:${options.port}`;
  }

  private async startPostgres(): Promise<string> {
    const given = process.env['DATABASE_URL'];
    if (given) return given;
    const found = required('PostgreSQL', findPostgres(this.say));
    const port = await this.installation.ports.choose('postgres', 5432);
    // A data folder belongs to one major version of PostgreSQL.
    const folder = join(this.folder, `postgres-${found.version.split('.')[0]}`);
    if (!existsSync(folder)) this.say('creating the database (some seconds, once) ...');
    await this.supervisor.run((onCrash) => postgres({ bin: found.paths.bin, folder, port }, onCrash));
    this.say(`PostgreSQL ${found.version} on port ${port}`);
    return postgresUrl(port, 'hutong');
  }

  private async startConsole(bus: NodeJS.ProcessEnv, database: string): Promise<ConsoleClient> {
    const { secrets, supervisor } = this;
    const { ports } = this.installation;
    const authority =
      process.env['BUS_AUTHORITY'] ??
      writeSecretFile(this.folder, 'bus-authority.json', JSON.stringify(secrets.busSeeds));
    const port = await ports.choose('console', 8080);
    await supervisor.app('console', port, {
      ...bus,
      DATABASE_URL: database,
      BUS_AUTHORITY: authority,
      ADMIN_KEY: secrets.adminKey,
      SECOND_ADMIN_KEY: secrets.secondAdminKey,
    });
    return new ConsoleClient(`http://127.0.0.1:${port}`, secrets.adminKey);
  }

  /** For voice notes: without them they cross as files. */
  private async findTools(): Promise<NodeJS.ProcessEnv> {
    const { FFMPEG, FFPROBE } = process.env;
    if (FFMPEG && FFPROBE) return { FFMPEG, FFPROBE };
    const found = await findFfmpeg(this.say);
    if (found.kind !== 'found') {
      this.say(`ffmpeg cannot be had here: ${found.why}. ${found.remedy}`);
      return {};
    }
    this.say(`ffmpeg ${found.version} (${found.from})`);
    return { FFMPEG: found.paths.ffmpeg, FFPROBE: found.paths.ffprobe };
  }

  /** All in one process, unless HUTONG_PROCESSES=each. */
  private async startAdapters(
    networks: NetworkManifest[],
    client: ConsoleClient,
    common: NodeJS.ProcessEnv & { NATS_URL: string },
  ): Promise<void> {
    this.say('admitting the networks and starting their adapters ...');
    const envs = await Promise.all(networks.map((network) => this.environmentOf(network, client, common)));
    const ports = networks.map(({ slug }) => this.installation.ports.of(`adapter-${slug}`));
    if (process.env['HUTONG_PROCESSES'] === 'each') {
      await Promise.all(
        networks.map(({ slug, app }, at) =>
          this.supervisor.app(`adapter-${slug}`, ports[at] ?? 0, envs[at] ?? {}, app),
        ),
      );
      return;
    }
    const adapters = networks.map(({ slug }, at) => ({
      slug,
      env: { HTTP_PORT: String(ports[at]), ...envs[at] },
    }));
    const file: AdaptersFile = { adapters };
    await this.supervisor.script(
      'adapters',
      [
        'dist/apps/standalone/src/adapters.main.js',
        writeSecretFile(this.folder, 'adapters.json', JSON.stringify(file)),
      ],
      `http://127.0.0.1:${ports[0]}/healthz/live`,
      { METRICS_PORT: '0' },
    );
  }

  /** Admits the network, and gives the settings of its adapter. */
  private async environmentOf(
    { slug, name, standalone }: NetworkManifest,
    client: ConsoleClient,
    common: NodeJS.ProcessEnv & { NATS_URL: string },
  ): Promise<NodeJS.ProcessEnv> {
    await client.admit(slug, name);
    const operator = await this.operatorOf(slug, client);
    await operator.acceptByRule();
    return {
      ...common,
      NETWORK: slug,
      NATS_CREDS: await this.credentialsOf(slug, operator),
      MEDIA_FOLDER: join(this.folder, 'transit', slug),
      ...standalone?.environment(this.installation),
    };
  }

  private async operatorOf(slug: string, client: ConsoleClient): Promise<ConsoleClient> {
    const { secrets } = this;
    const key = secrets.keyOf(`operator-${slug}`);
    await client.ensureOperator(slug, key, secrets.secondAdminKey);
    return new ConsoleClient(client.url, key);
  }

  /** The file of an earlier start, unless its credentials have expired. */
  private async credentialsOf(slug: string, operator: ConsoleClient): Promise<string> {
    const name = `adapter-${slug}.creds`;
    const file = join(this.folder, name);
    if (existsSync(file) && isStillValid(readFileSync(file, 'utf8'))) return file;
    return writeSecretFile(this.folder, name, await operator.replaceCredentials(slug));
  }

  private async untilSignedOn(client: ConsoleClient, networks: NetworkManifest[]): Promise<void> {
    const deadline = Date.now() + READY_MS;
    for (;;) {
      const known = await client.networks();
      const waiting = networks.filter(
        ({ slug, standalone }) =>
          !known.some(
            ({ network, adapter }) =>
              network === slug && adapter.signedOn && (standalone?.waits === true || adapter.nativeConnected),
          ),
      );
      if (waiting.length === 0) return;
      if (Date.now() > deadline)
        throw new Error(
          `${waiting.map(({ slug }) => slug).join(' and ')} did not sign on: see ${join(this.folder, 'logs')}`,
        );
      await sleep(100);
    }
  }

  private describe(
    nats: string,
    credsFile: string,
    database: string,
    networks: NetworkManifest[],
  ): StandaloneFile {
    const { secrets } = this;
    const { ports } = this.installation;
    return {
      console: {
        url: `http://127.0.0.1:${ports.of('console')}`,
        adminKey: secrets.adminKey,
        secondAdminKey: secrets.secondAdminKey,
      },
      mediaGateway: { url: `http://127.0.0.1:${ports.of('media-gateway')}` },
      nats: { url: nats, credsFile },
      postgres: { url: database },
      networks: describeNetworks(this.installation, networks),
    };
  }
}
