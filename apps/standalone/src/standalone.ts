/** Everything on one machine, with one command (design §8): engines, console, switch, adapters, and people to try it. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BusAuthority } from '#bus';
import {
  findNatsServer,
  findPostgres,
  findProsody,
  findSynapse,
  freePort,
  natsServer,
  portNear,
  postgres,
  postgresUrl,
  prosody,
  prosodyAccount,
  required,
  synapse,
  synapseAccount,
  type ProsodyOptions,
  type Say,
  type Search,
  type SynapseOptions,
} from '#engines';
import { sleep } from '#service';
import { registrationFile } from '../../adapter-matrix/src/registration.js';
import {
  COMPONENT_DOMAIN,
  ghostsInMatrix,
  ghostsInXmpp,
  MATRIX_SERVER,
  MATRIX_USERS,
  matrixAccounts,
  XMPP_DOMAIN,
  XMPP_USERS,
  xmppAccounts,
} from './accounts.js';
import { ConsoleClient } from './console-client.js';
import { loadSecrets, writeSecretFile, type Secrets } from './secrets.js';
import type { StandaloneFile } from './standalone-file.js';
import { Supervisor } from './supervisor.js';

const PORTS = {
  nats: 4222,
  natsMonitor: 8222,
  postgres: 5432,
  console: 8080,
  xmpp: 5222,
  component: 5347,
  synapse: 8008,
  appservice: 9009,
  switch: 8081,
  adapterXmpp: 8082,
};
type Ports = Record<keyof typeof PORTS, number>;

const READY_MS = 60_000;

export class Standalone {
  private readonly supervisor: Supervisor;
  private readonly secrets: Secrets;
  private ports!: Ports;

  constructor(
    private readonly folder: string,
    private readonly say: Say,
  ) {
    mkdirSync(folder, { recursive: true });
    this.claim();
    this.secrets = loadSecrets(folder, [...XMPP_USERS, ...MATRIX_USERS]);
    this.supervisor = new Supervisor(folder, say);
  }

  async start(): Promise<StandaloneFile> {
    rmSync(this.file, { force: true });
    this.ports = await this.choosePorts();
    const found = await this.findEngines();
    const authority = new BusAuthority(this.secrets.busSeeds);
    const hubCreds = writeSecretFile(this.folder, 'hub.creds', await authority.hubCredentials('hub'));
    const [nats, database, xmpp, matrix] = await Promise.all([
      this.startNats(found.nats, authority),
      this.startPostgres(found.postgres),
      this.startProsody(found.prosody),
      this.startSynapse(found.synapse),
    ]);
    const bus = { NATS_URL: nats, NATS_CREDS: hubCreds };
    const client = await this.startConsole(bus, database);
    await this.supervisor.app('switch', this.ports.switch, bus);
    await Promise.all([
      xmpp && this.startXmppAdapter(client, nats),
      matrix && this.startMatrixAdapter(client, nats),
    ]);
    await this.untilSignedOn(client, [...(xmpp ? ['xmpp'] : []), ...(matrix ? ['matrix'] : [])]);
    const file = this.describe(nats, hubCreds, database, xmpp !== undefined, matrix !== undefined);
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
      throw new Error(
        `${this.folder} is in use by process ${pid}: stop it first, or set HUTONG_DATA to another folder`,
      );
    }
    writeFileSync(this.lock, String(process.pid));
  }

  private async choosePorts(): Promise<Ports> {
    const chosen: Partial<Ports> = {};
    const any = process.env['HUTONG_PORTS'] === 'any';
    for (const [name, port] of Object.entries(PORTS) as [keyof Ports, number][]) {
      chosen[name] = any
        ? await freePort()
        : await portNear(port, (taken, instead) =>
            this.say(`port ${taken} (${name}) is taken; using ${instead}`),
          );
    }
    return chosen as Ports;
  }

  private async findEngines() {
    const nats = process.env['NATS_URL']
      ? undefined
      : required('nats-server', await findNatsServer(this.say));
    const database = process.env['DATABASE_URL'] ? undefined : required('PostgreSQL', findPostgres(this.say));
    const [xmpp, matrix] = [await findProsody(this.say), await findSynapse(this.say)];
    this.missing('Prosody', 'the XMPP network', xmpp);
    this.missing('Synapse', 'the Matrix network', matrix);
    return {
      nats,
      postgres: database,
      prosody: xmpp.kind === 'found' ? xmpp : undefined,
      synapse: matrix.kind === 'found' ? matrix : undefined,
    };
  }

  private missing(engine: string, without: string, search: Search<unknown>): void {
    if (search.kind === 'found') this.say(`${engine} ${search.version} (${search.from})`);
    else
      this.say(`${engine} cannot be had here: ${search.why}. Going on without ${without}. ${search.remedy}`);
  }

  private async startNats(
    found: { version: string; paths: { program: string } } | undefined,
    authority: BusAuthority,
  ): Promise<string> {
    if (!found) return process.env['NATS_URL'] ?? '';
    const trust = await authority.serverConfig();
    const options = {
      program: found.paths.program,
      folder: join(this.folder, 'nats'),
      port: this.ports.nats,
      monitorPort: this.ports.natsMonitor,
      trust,
    };
    await this.supervisor.run((onCrash) => natsServer(options, onCrash));
    this.say(`nats-server ${found.version} on port ${this.ports.nats}`);
    return `nats://127.0.0.1:${this.ports.nats}`;
  }

  private async startPostgres(
    found: { version: string; paths: { bin: string } } | undefined,
  ): Promise<string> {
    if (!found) return process.env['DATABASE_URL'] ?? '';
    const options = {
      bin: found.paths.bin,
      folder: this.versionedFolder(found.version),
      port: this.ports.postgres,
    };
    await this.supervisor.run((onCrash) => postgres(options, onCrash));
    this.say(`PostgreSQL ${found.version} on port ${this.ports.postgres}`);
    return postgresUrl(this.ports.postgres, 'hutong');
  }

  /** A data folder belongs to one major version of PostgreSQL. */
  private versionedFolder(version: string): string {
    return join(this.folder, `postgres-${version.split('.')[0]}`);
  }

  private async startProsody(
    found: { paths: { root: string } } | undefined,
  ): Promise<ProsodyOptions | undefined> {
    if (!found) return undefined;
    const options: ProsodyOptions = {
      root: found.paths.root,
      folder: join(this.folder, 'prosody'),
      c2sPort: this.ports.xmpp,
      componentPort: this.ports.component,
      domain: XMPP_DOMAIN,
      components: [`matrix.${COMPONENT_DOMAIN}`],
      secret: this.secrets.componentSecret,
      plugins: resolve('docker', 'prosody'),
    };
    await this.supervisor.run((onCrash) => prosody(options, onCrash));
    for (const user of XMPP_USERS) await prosodyAccount(options, user, this.secrets.passwords[user] ?? '');
    return options;
  }

  private async startSynapse(
    found: { paths: { root: string } } | undefined,
  ): Promise<SynapseOptions | undefined> {
    if (!found) return undefined;
    const { asToken, hsToken, registrationSecret } = this.secrets;
    const registration = registrationFile({
      id: 'hutong',
      url: `http://127.0.0.1:${this.ports.appservice}`,
      asToken,
      hsToken,
      serverName: MATRIX_SERVER,
    });
    const options: SynapseOptions = {
      root: found.paths.root,
      folder: join(this.folder, 'synapse'),
      port: this.ports.synapse,
      serverName: MATRIX_SERVER,
      registrationSecret,
      registrations: [writeSecretFile(this.folder, 'matrix-registration.yaml', registration)],
    };
    await this.supervisor.run((onCrash) => synapse(options, onCrash));
    for (const user of MATRIX_USERS) await synapseAccount(options, user, this.secrets.passwords[user] ?? '');
    return options;
  }

  private async startConsole(bus: NodeJS.ProcessEnv, database: string): Promise<ConsoleClient> {
    const { adminKey, busSeeds } = this.secrets;
    const authority =
      process.env['BUS_AUTHORITY'] ??
      writeSecretFile(this.folder, 'bus-authority.json', JSON.stringify(busSeeds));
    await this.supervisor.app('console', this.ports.console, {
      ...bus,
      DATABASE_URL: database,
      BUS_AUTHORITY: authority,
      ADMIN_KEY: adminKey,
    });
    return new ConsoleClient(`http://127.0.0.1:${this.ports.console}`, adminKey);
  }

  private async startXmppAdapter(client: ConsoleClient, nats: string): Promise<void> {
    const creds = writeSecretFile(
      this.folder,
      'adapter-xmpp.creds',
      await client.admit('xmpp', 'XMPP (Prosody)'),
    );
    await this.supervisor.app('adapter-xmpp', this.ports.adapterXmpp, {
      NATS_URL: nats,
      NATS_CREDS: creds,
      XMPP_COMPONENT_PORT: String(this.ports.component),
      XMPP_COMPONENT_DOMAIN: COMPONENT_DOMAIN,
      XMPP_COMPONENT_SECRET: this.secrets.componentSecret,
      XMPP_SERVER_DOMAIN: XMPP_DOMAIN,
    });
  }

  private async startMatrixAdapter(client: ConsoleClient, nats: string): Promise<void> {
    const creds = writeSecretFile(
      this.folder,
      'adapter-matrix.creds',
      await client.admit('matrix', 'Matrix (Synapse)'),
    );
    await this.supervisor.app('adapter-matrix', this.ports.appservice, {
      NATS_URL: nats,
      NATS_CREDS: creds,
      MATRIX_URL: `http://127.0.0.1:${this.ports.synapse}`,
      MATRIX_SERVER_NAME: MATRIX_SERVER,
      MATRIX_AS_TOKEN: this.secrets.asToken,
      MATRIX_HS_TOKEN: this.secrets.hsToken,
    });
  }

  private async untilSignedOn(client: ConsoleClient, wanted: string[]): Promise<void> {
    const deadline = Date.now() + READY_MS;
    for (;;) {
      const networks = await client.networks();
      const waiting = wanted.filter(
        (slug) =>
          !networks.some(
            ({ network, adapter }) => network === slug && adapter.signedOn && adapter.nativeConnected,
          ),
      );
      if (waiting.length === 0) return;
      if (Date.now() > deadline)
        throw new Error(`${waiting.join(' and ')} did not sign on: see ${join(this.folder, 'logs')}`);
      await sleep(100);
    }
  }

  private describe(
    nats: string,
    credsFile: string,
    database: string,
    xmpp: boolean,
    matrix: boolean,
  ): StandaloneFile {
    const people = {
      xmpp: xmppAccounts(this.secrets.passwords),
      matrix: matrixAccounts(this.secrets.passwords),
    };
    return {
      console: { url: `http://127.0.0.1:${this.ports.console}`, adminKey: this.secrets.adminKey },
      nats: { url: nats, credsFile },
      postgres: { url: database },
      networks: {
        ...(xmpp && {
          xmpp: {
            host: '127.0.0.1',
            port: this.ports.xmpp,
            domain: XMPP_DOMAIN,
            componentDomain: COMPONENT_DOMAIN,
            accounts: people.xmpp,
            ghostOf: matrix ? ghostsInXmpp(people.matrix) : {},
          },
        }),
        ...(matrix && {
          matrix: {
            baseUrl: `http://127.0.0.1:${this.ports.synapse}`,
            serverName: MATRIX_SERVER,
            accounts: people.matrix,
            ghostOf: xmpp ? ghostsInMatrix(people.xmpp) : {},
          },
        }),
      },
    };
  }
}
