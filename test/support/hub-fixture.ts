/** A hub for tests: a real nats-server with scoped credentials, and the real apps as processes that can be killed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import {
  AccountRegistry,
  answer,
  Bucket,
  BusAuthority,
  BusConnection,
  MediaGrants,
  sharedSecret,
  createMissing,
  hubTopology,
  networkTopology,
  OrderedPublisher,
} from '#bus';
import { TestNetwork, type ThirdPartyAdapter } from '#adapter-contract';
import type { CertifierBus } from '#certification';
import {
  answersHttp,
  Child,
  findNatsServer,
  freePort,
  natsAccountsFolder,
  natsServer,
  required,
  type NatsOptions,
} from '#engines';
import {
  ANY,
  ANY_NETWORK,
  BUCKETS,
  consentKey,
  contentsOf,
  decodeEvent,
  encodeEvent,
  errorReply,
  laneOf,
  network,
  networkBucket,
  networkInSubject,
  REGISTRY_ENTRIES,
  RegistryEntries,
  RegistryEntry,
  SignOn,
  STREAMS,
  subjects,
  TRAFFIC_CLASSES,
  type Address,
  type Agreement,
  type Capabilities,
  type Consent,
  type HubEvent,
  type Member,
  type Network,
  type PeerIds,
  type Registry,
} from '#protocol';
import type { Log } from '#service';
import { PROGRAM_OPTIONS } from './program-options.js';

export { until } from './until.js';

export const quiet: Log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });

/** Everybody with everybody, everything. */
const EVERYBODY: Agreement = {
  id: 'everybody',
  from: ANY_NETWORK,
  to: ANY_NETWORK,
  classes: [...TRAFFIC_CLASSES],
  validFrom: new Date(0).toISOString(),
};

export interface App {
  child: Child;
  url: string;
}

/** It ends, as a crash or as it is asked to, and starts again. */
export async function restart({ child }: App, how: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  await (how === 'SIGKILL' ? child.crash() : child.stop());
  await child.start();
}

export class HubFixture {
  readonly stops: (() => Promise<void>)[] = [];
  private readonly foldings = new Map<string, PeerIds>();
  private version = 1;
  private readonly members = new Map<string, Member>();

  private constructor(
    readonly folder: string,
    readonly nats: Child,
    readonly natsUrl: string,
    readonly authority: BusAuthority,
    readonly link: BusConnection,
    readonly publisher: OrderedPublisher,
    readonly accounts: AccountRegistry,
  ) {}

  /** @param server of nats-server: unsafe, for tests of its refusal */
  static async open(server: Pick<NatsOptions, 'unsafeForTests'> = {}): Promise<HubFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-test-'));
    const authority = BusAuthority.create();
    const found = required('nats-server', await findNatsServer(() => undefined));
    const port = await freePort();
    const nats = natsServer({
      program: found.paths.program,
      folder: join(folder, 'nats'),
      port,
      monitorPort: await freePort(),
      ...server,
      trust: await authority.serverConfig(natsAccountsFolder(join(folder, 'nats'))),
    });
    await nats.start();
    const natsUrl = `nats://127.0.0.1:${port}`;
    const link = await BusConnection.open(
      { url: natsUrl, creds: await authority.hubCredentials('test'), name: 'test' },
      quiet,
    );
    const publisher = await OrderedPublisher.on(link);
    // As the console does: once.
    if (link.session) await createMissing(link.session, hubTopology());
    const accounts = await AccountRegistry.open(authority, { url: natsUrl }, quiet);
    const fixture = new HubFixture(folder, nats, natsUrl, authority, link, publisher, accounts);
    await fixture.publishRegistry();
    return fixture;
  }

  /** Admits a network as the console would: consumer, buckets, registry; returns its credentials file. */
  async admit(slug: string, capabilities?: Capabilities, status: Member['status'] = 'live'): Promise<string> {
    const name = network(slug);
    if (this.link.session) await createMissing(this.link.session, networkTopology(name));
    await this.accounts.publish(name, { isOpen: true, revoked: {} });
    const before = this.members.get(slug);
    this.members.set(slug, {
      ...before,
      network: name,
      name: slug,
      status,
      ...(capabilities ? { capabilities } : {}),
    });
    await this.publishRegistry();
    return this.credentials(`adapter-${slug}`, (await this.authority.networkCredentials(name)).credentials);
  }

  /** What the certifier uses, as the console has it. */
  async certifierBus(): Promise<CertifierBus> {
    const { link, publisher, accounts } = this;
    return { link, publisher, accounts, grants: await this.grants() };
  }

  /** As the switch gives them. */
  async grants(): Promise<MediaGrants> {
    const secret = await sharedSecret(new Bucket(this.link, this.publisher, BUCKETS.registry));
    return new MediaGrants(secret);
  }

  /** Changes what the registry says of a network. */
  async amend(slug: string, change: Partial<Member>): Promise<void> {
    const member = this.members.get(slug);
    if (member) this.members.set(slug, { ...member, ...change });
    await this.publishRegistry();
  }

  /** Stores Fetion accounts as an earlier process of the adapter gave them to remote people. */
  async grant(slug: string, accounts: [mobile: string, foreign: Address][]): Promise<void> {
    const bucket = new Bucket(this.link, this.publisher, networkBucket(network(slug)));
    await Promise.all(accounts.map(([mobile, foreign]) => bucket.put(`ghost-account.${mobile}`, foreign)));
  }

  /** The registry as it stands on the bus. */
  async registry(): Promise<Registry> {
    const bucket = new Bucket(this.link, this.publisher, BUCKETS.registry);
    const entries = new RegistryEntries();
    for (const key of await bucket.keys(REGISTRY_ENTRIES))
      entries.accept(key, RegistryEntry.parse(await bucket.get(key)));
    return entries.assemble();
  }

  private async publishRegistry(): Promise<void> {
    const version = this.version++;
    const contents = contentsOf({
      members: [...this.members.values()],
      phase: { phase: 'mesh' },
      agreements: [EVERYBODY],
    });
    const bucket = new Bucket(this.link, this.publisher, BUCKETS.registry);
    await Promise.all([...contents].map(([key, content]) => bucket.put(key, { version, content })));
  }

  credentials(name: string, content: string): string {
    return this.file(`${name}.creds`, content);
  }

  file(name: string, content: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  async switch(env: NodeJS.ProcessEnv = {}): Promise<App> {
    return this.app('switch', 'dist/apps/switch/src/main.js', {
      ...env,
      NATS_CREDS: this.credentials('switch', await this.authority.hubCredentials('switch')),
      ...env,
    });
  }

  /** A test network with its adapter on this hub. */
  async testNetwork(slug: string): Promise<TestNetwork> {
    return (await this.testNetworkWithApp(slug)).network;
  }

  /** @param env settings of its adapter */
  async testNetworkWithApp(
    slug: string,
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ network: TestNetwork; app: App }> {
    const opened = await TestNetwork.open(slug);
    const app = await this.app(`adapter-${slug}`, 'dist/libs/adapter-contract/src/test-adapter.main.js', {
      ...env,
      TEST_NETWORK: slug,
      TEST_PORT: String(opened.port),
      NATS_CREDS: await this.admit(slug),
    });
    return { network: opened, app };
  }

  /** Answers sign-on like the console: all other networks are peers, and all get the id rules. */
  async serveSignOn(slugs: string[]): Promise<void> {
    for (const verb of ['signon', 'heartbeat', 'signoff'] as const) {
      const reply = async (body: unknown, subject: string) => {
        const source = networkInSubject(subject);
        await this.learnFolding(source, body);
        return {
          code: '00',
          peers: slugs.filter((slug) => slug !== source),
          ids: [...this.foldings.values()].filter(({ network: slug }) => slug !== source),
          durable: true,
        };
      };
      await answer(this.link, `hub.control.${verb}.*`, reply, errorReply);
    }
  }

  /** The registry has the capabilities of those that declare something of their ids, so that the switch folds by them. */
  private async learnFolding(source: Network, body: unknown): Promise<void> {
    const declared = SignOn.safeParse(body).data?.capabilities;
    if (declared?.ids === undefined || this.foldings.has(source)) return;
    const { ids, numbersWithout } = declared;
    this.foldings.set(source, { network: source, ids, ...(numbersWithout ? { numbersWithout } : {}) });
    if (this.members.get(source)?.capabilities === undefined)
      await this.amend(source, { capabilities: declared });
  }

  /** Stored for a person as the console stores it. */
  async consent(consent: Consent): Promise<void> {
    const bucket = new Bucket(this.link, this.publisher, BUCKETS.subscribers);
    await bucket.put(consentKey(consent.address), consent);
  }

  /** A third-party adapter for a network that also has one of ours: publishes its events, and reads the events for it. */
  async thirdPartyAdapter(slug: string): Promise<ThirdPartyAdapter> {
    const received: HubEvent[] = [];
    const out = await this.link.session?.js.consumers.get(STREAMS.out, {
      filter_subjects: subjects.out(network(slug), ANY),
    });
    await out?.consume({ callback: (message) => void received.push(decodeEvent(message.data)) });
    const publish = async (event: HubEvent) => {
      const subject = subjects.in(network(slug), laneOf(event.subject));
      await this.publisher.publish(subject, encodeEvent(event), event.id);
    };
    return { publish, received };
  }

  /**
   * Starts a compiled app and waits until it is there.
   * @param ready path that answers then. A process that waits for its turn is live, and not ready
   */
  async app(
    name: string,
    entry: string,
    env: NodeJS.ProcessEnv,
    ready: '/healthz/ready' | '/healthz/live' = '/healthz/ready',
  ): Promise<App> {
    const port = Number(env['HTTP_PORT'] ?? (await freePort()));
    const url = `http://127.0.0.1:${port}`;
    const child = new Child({
      name,
      command: process.execPath,
      args: [entry],
      env: {
        ...process.env,
        ...PROGRAM_OPTIONS,
        NATS_URL: this.natsUrl,
        HTTP_PORT: String(port),
        LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
        ...env,
      },
      logFile: join(this.folder, `${name}.log`),
      ready: () => answersHttp(`${url}${ready}`),
      readyTimeoutMs: 30_000,
    });
    await child.start();
    this.stops.push(() => child.stop());
    return { child, url };
  }

  async close(): Promise<void> {
    for (const stop of this.stops.reverse()) await stop();
    this.publisher.close();
    await this.link.close();
    await this.accounts.close();
    await this.nats.stop();
    if (process.env['TEST_KEEP'] === undefined) rmSync(this.folder, { recursive: true, force: true });
  }
}
