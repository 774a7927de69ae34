/** Runs everything on one machine with one command: engines, every process of the hub, networks, and accounts of people to try it. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusAuthority } from '#bus/bus-authority';
import type { Say } from '#engines';
import { Ports, writeSecretFile, type Installation, type NetworkManifest } from '#network-manifest';
import { startAdapters, untilSignedOn } from './adapters.js';
import { describeNetworks } from './describe-networks.js';
import { startConsole, startHubApps } from './hub-apps.js';
import { InUse } from './in-use.js';
import { findConverters, startJanus } from './infrastructure.js';
import { NETWORKS } from './networks.js';
import { Phases, type Phase } from './phases.js';
import { measureMemory, type ProcessMemory } from './process-memory.js';
import { Secrets } from './secrets.js';
import { startSimulators } from './simulators.js';
import type { StandaloneFile } from './standalone-file.js';
import type { StartContext } from './start-context.js';
import { Supervisor } from './supervisor.js';
import { isWanted, startWall } from './wall.js';
import { wantedNetworks } from './wanted.js';

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
    const context = this.context;
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
    const [{ nats, database, client }, networks, tools, calls] = await Promise.all([
      startConsole(context, authority, hubCreds),
      this.phase("networks' own servers", () => this.openNetworks()),
      this.phase('ffmpeg', () => findConverters(this.say)),
      this.phase('Janus', () => startJanus(context)),
    ]);
    this.say('starting the switch, the recorder, clearing, the media gateway and the adapters ...');
    await Promise.all([
      startHubApps(context, { NATS_URL: nats, NATS_CREDS: hubCreds }, database, {
        NATS_CREDS: gatewayCreds,
        ...calls,
      }),
      startAdapters(context, networks, client, { NATS_URL: nats, ...tools }),
    ]);
    this.say('waiting until every network has signed on ...');
    await this.phase('sign-on', () => untilSignedOn(this.folder, client, networks));
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

  private get context(): StartContext {
    const { installation, supervisor, secrets, measured: phases } = this;
    return { installation, supervisor, secrets, phases };
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

  private async startWall(file: StandaloneFile, tools: NodeJS.ProcessEnv): Promise<StandaloneFile['wall']> {
    if (!isWanted(process.env['HUTONG_WALL'])) return undefined;
    return this.phase('wall of phones', () => startWall(this.installation, this.supervisor, file, tools));
  }

  private phase<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
    return this.measured.measure(name, run);
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
