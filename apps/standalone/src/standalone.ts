/** Runs everything on one machine with one command: engines, every process of the hub, networks, and accounts of people to try it. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { BusAuthority } from '#bus/bus-authority';
import { isStillValid } from '#bus/credentials-file';
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
import { sleep } from '#service/retry';
import { ConsoleClient } from './console-client.js';
import type { AdaptersFile } from './adapters-file.js';
import type { HostedAppName, HubFile } from './hub-file.js';
import { describeNetworks } from './describe-networks.js';
import { NETWORKS } from './networks.js';
import { startSimulators } from './simulators.js';
import { isWanted, startWall } from './wall.js';
import { Secrets } from './secrets.js';
import type { StandaloneFile } from './standalone-file.js';
import { InUse } from './in-use.js';
import { Phases, type Phase } from './phases.js';
import { measureMemory, type ProcessMemory } from './process-memory.js';
import { smallDatabase } from './small-database.js';
import { liveAt, Supervisor } from './supervisor.js';
import { wantedNetworks } from './wanted.js';

const READY_MS = 90_000;
/** Each uses a connection of the console to PostgreSQL, for which PostgreSQL runs a process. */
const ADMITTED_AT_ONCE = 3;

export class Standalone {
  private readonly installation: Installation;
  private readonly supervisor: Supervisor;
  private readonly secrets: Secrets;
  private readonly wanted: NetworkManifest[];
  private readonly measured = new Phases();

  /** @param networks slugs to start, separated by commas; default: all. @throws InUse, and Error for an unknown network */
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
    const authority = new BusAuthority(this.secrets.busSeeds);
    const hubCreds = writeSecretFile(this.folder, 'hub.creds', await authority.hubCredentials('hub'));
    const gatewayCreds = writeSecretFile(
      this.folder,
      'media-gateway.creds',
      await authority.mediaGatewayCredentials(),
    );
    this.say(
      `starting ${this.installation.slugs.join(', ')}: first the bus, the database and their own servers ...`,
    );
    const [{ nats, database, client }, networks, tools] = await Promise.all([
      this.startConsole(authority, hubCreds),
      this.phase("networks' own servers", () => this.openNetworks()),
      this.phase('ffmpeg', () => this.findTools()),
    ]);
    this.say('starting the switch, the recorder, clearing, the media gateway and the adapters ...');
    await Promise.all([
      this.startHub({ NATS_URL: nats, NATS_CREDS: hubCreds }, database, gatewayCreds),
      this.startAdapters(networks, client, { NATS_URL: nats, ...tools }),
    ]);
    this.say('waiting until every network has signed on ...');
    await this.phase('sign-on', () => this.untilSignedOn(client, networks));
    const described = this.describe(nats, hubCreds, database, networks);
    const wall = await this.startWall(described, tools);
    const file = wall === undefined ? described : { ...described, wall };
    writeFileSync(`${this.file}.part`, JSON.stringify(file, null, 2), { mode: 0o600 });
    renameSync(`${this.file}.part`, this.file);
    return file;
  }

  get phases(): readonly Phase[] {
    return this.measured.list;
  }

  /** Current memory of every process; undefined where it cannot be measured. */
  memory(): ProcessMemory[] | undefined {
    return measureMemory(this.supervisor.pids);
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

  /** Two installations on one data folder would damage it. */
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

  /** The description that the running installation wrote; undefined while it is starting. */
  private whatRuns(): StandaloneFile | undefined {
    return existsSync(this.file)
      ? (JSON.parse(readFileSync(this.file, 'utf8')) as StandaloneFile)
      : undefined;
  }

  /** @returns the networks whose servers are available on this machine */
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
    const options = { bin: found.paths.bin, folder, port, settings: smallDatabase(found.version) };
    await this.supervisor.run((onCrash) => postgres(options, onCrash));
    this.say(`PostgreSQL ${found.version} on port ${port}`);
    return postgresUrl(port, 'hutong');
  }

  /** Starts the console with the bus and the database, which it needs. It needs no network, so networks start at the same time. */
  private async startConsole(
    authority: BusAuthority,
    hubCreds: string,
  ): Promise<{ nats: string; database: string; client: ConsoleClient }> {
    const { secrets, supervisor } = this;
    const [nats, database] = await Promise.all([
      this.phase('nats-server', () => this.startNats(authority)),
      this.phase('PostgreSQL', () => this.startPostgres()),
    ]);
    this.say('starting the console, which brings the tables of the database up to date ...');
    const seeds =
      process.env['BUS_AUTHORITY'] ??
      writeSecretFile(this.folder, 'bus-authority.json', JSON.stringify(secrets.busSeeds));
    const port = await this.installation.ports.choose('console', 8080);
    await this.phase('console', () =>
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

  /**
   * Starts all apps of the hub except the console, which has already prepared the database for them: in one process, unless
   * HUTONG_PROCESSES=each.
   */
  private async startHub(
    bus: { NATS_URL: string; NATS_CREDS: string },
    database: string,
    gatewayCreds: string,
  ): Promise<void> {
    const { secrets } = this;
    const { ports } = this.installation;
    const links = { MEDIA_LINK_KEY: secrets.keyOf('media-links') };
    const gatewayPort = await ports.choose('media-gateway', 8088);
    const settings: [name: HostedAppName, port: number, env: Record<string, string>][] = [
      [
        'switch',
        await ports.choose('switch', 8081),
        { ...bus, ...links, MEDIA_LINK_URL: `http://127.0.0.1:${gatewayPort}` },
      ],
      ['recorder', await ports.choose('recorder', 8097), { ...bus, DATABASE_URL: database }],
      [
        'clearing',
        await ports.choose('clearing', 8089),
        { ...bus, DATABASE_URL: database, CLEARING_PARTY_KEY: secrets.keyOf('clearing-parties') },
      ],
      ['media-gateway', gatewayPort, { ...bus, NATS_CREDS: gatewayCreds, ...links }],
    ];
    if (process.env['HUTONG_PROCESSES'] === 'each') {
      await Promise.all(
        settings.map(([name, port, env]) => this.phase(name, () => this.supervisor.app(name, port, env))),
      );
      return;
    }
    const apps = settings.map(([name, port, env]) => ({ name, env: { HTTP_PORT: String(port), ...env } }));
    const written = writeSecretFile(this.folder, 'hub.json', JSON.stringify({ apps } satisfies HubFile));
    await this.phase('hub', () =>
      this.supervisor.script(
        'hub',
        ['dist/apps/standalone/src/hub.main.js', written],
        { all: settings.map(([, port]) => liveAt(port)) },
        { METRICS_PORT: '0' },
      ),
    );
  }

  private async startWall(file: StandaloneFile, tools: NodeJS.ProcessEnv): Promise<StandaloneFile['wall']> {
    if (!isWanted(process.env['HUTONG_WALL'])) return undefined;
    return this.phase('wall of phones', () => startWall(this.installation, this.supervisor, file, tools));
  }

  private phase<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
    return this.measured.measure(name, run);
  }

  /** Converters for voice notes; without them voice notes are forwarded as files. */
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

  /** Starts all adapters in one process, unless HUTONG_PROCESSES=each. */
  private async startAdapters(
    networks: NetworkManifest[],
    client: ConsoleClient,
    common: NodeJS.ProcessEnv & { NATS_URL: string },
  ): Promise<void> {
    const envs = await this.phase('admission of networks', () =>
      pLimit(ADMITTED_AT_ONCE).map(networks, (network) => this.environmentOf(network, client, common)),
    );
    const ports = networks.map(({ slug }) => this.installation.ports.of(`adapter-${slug}`));
    if (process.env['HUTONG_PROCESSES'] === 'each') {
      await Promise.all(
        networks.map(({ slug, app }, at) => {
          const name = `adapter-${slug}`;
          return this.phase(name, () => this.supervisor.app(name, ports[at] ?? 0, envs[at] ?? {}, app));
        }),
      );
      return;
    }
    const adapters = networks.map(({ slug }, at) => ({
      slug,
      env: { HTTP_PORT: String(ports[at]), ...envs[at] },
    }));
    const file: AdaptersFile = { adapters };
    const written = writeSecretFile(this.folder, 'adapters.json', JSON.stringify(file));
    await this.phase('adapters', () =>
      this.supervisor.script(
        'adapters',
        ['dist/apps/standalone/src/adapters.main.js', written],
        { any: ports.map(liveAt) },
        { METRICS_PORT: '0' },
      ),
    );
  }

  /** Registers the network, and returns the settings of its adapter. */
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
        adminPassword: secrets.passwordOf('first-admin'),
        secondAdminPassword: secrets.passwordOf('second-admin'),
      },
      mediaGateway: { url: `http://127.0.0.1:${ports.of('media-gateway')}` },
      nats: { url: nats, credsFile },
      postgres: { url: database },
      networks: describeNetworks(this.installation, networks),
    };
  }
}
