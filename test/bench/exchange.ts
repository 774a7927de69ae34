/**
 * What the parts `switch`, `spine` and `sync` measure: a hub with a switch, two test networks with their adapters, and the
 * recorder and clearing, each a process of its own as in production.
 */
import type { TestNetwork } from '#adapter-contract';
import { consumers, inStream, STREAMS, type Network } from '#protocol';
import { DatabaseFixture } from '../support/database-fixture.js';
import { HubFixture, until, type App } from '../support/hub-fixture.js';
import { RawCeiling } from './ceiling.js';
import { cpuOfTree } from './cpu.js';
import { EAST, NORTH, SOUTH, WEST } from './measure.js';
import { ThroughSwitch } from './switch.js';

const CATCH_UP_MS = 300_000;

export interface ExchangeOptions {
  /** false: a server that acknowledges before it writes. */
  safe: boolean;
  /** Test networks and their adapters. */
  networks: boolean;
  /** The recorder and clearing, with a database. */
  records: boolean;
  /** More settings of all apps. */
  env?: NodeJS.ProcessEnv;
}

export class Exchange {
  private ceiling: Promise<RawCeiling> | undefined;
  private through: Promise<ThroughSwitch> | undefined;

  private constructor(
    readonly hub: HubFixture,
    readonly database: DatabaseFixture | undefined,
    /** By name, to attribute CPU time. */
    private readonly apps: ReadonlyMap<string, App['child']>,
    private readonly networks: readonly TestNetwork[],
  ) {}

  static async open({ safe, networks, records, env: more }: ExchangeOptions): Promise<Exchange> {
    const hub = await HubFixture.open(safe ? {} : { unsafeForTests: true });
    // Networks without an adapter: the bench itself sends and reads for them.
    for (const slug of [EAST, WEST]) await hub.admit(slug);
    const env = { ...more, ...(safe ? {} : { BUS_UNSAFE: '1' }) };
    const apps = new Map<string, App['child']>([['nats-server', hub.nats]]);
    apps.set('switch', (await hub.switch(env)).child);
    const opened: TestNetwork[] = [];
    for (const slug of networks ? [NORTH, SOUTH] : []) {
      const { network, app } = await hub.testNetworkWithApp(slug, env);
      apps.set(`adapter-${slug}`, app.child);
      opened.push(network);
    }
    const database = records ? await DatabaseFixture.open() : undefined;
    if (database) await recording(hub, database, env, apps);
    return new Exchange(hub, database, apps, opened);
  }

  /** One for all parts, because two would share their consumers. */
  rawCeiling(): Promise<RawCeiling> {
    return (this.ceiling ??= RawCeiling.open(this.hub));
  }

  throughSwitch(): Promise<ThroughSwitch> {
    return (this.through ??= ThroughSwitch.open(this.hub));
  }

  get north(): TestNetwork {
    return this.network(0);
  }

  get south(): TestNetwork {
    return this.network(1);
  }

  private network(at: number): TestNetwork {
    const network = this.networks[at];
    if (!network) throw new Error('this exchange was opened without networks');
    return network;
  }

  /** Resolves when the recorder and clearing have stored everything that was sent. */
  async recorded(): Promise<void> {
    if (!this.database) return;
    for (const stream of [inStream(NORTH), STREAMS.out, STREAMS.report])
      await until(`${stream} to be recorded`, () => isRecorded(this.hub, stream), CATCH_UP_MS);
  }

  /** @param name `switch`, or `adapter-` and a network */
  pidOf(name: string): number {
    const pid = this.apps.get(name)?.pid;
    if (pid === undefined) throw new Error(`${name} does not run`);
    return pid;
  }

  /** CPU time of each process until now, us. */
  cpu(): Map<string, number> {
    return new Map([...this.apps].map(([name, { pid }]) => [name, pid === undefined ? 0 : cpuOfTree(pid)]));
  }

  async close(): Promise<void> {
    await this.hub.close();
    for (const network of this.networks) await network.close();
    await this.database?.close();
  }
}

async function recording(
  hub: HubFixture,
  database: DatabaseFixture,
  env: NodeJS.ProcessEnv,
  apps: Map<string, App['child']>,
): Promise<void> {
  apps.set('PostgreSQL', database.server);
  for (const name of ['recorder', 'clearing']) {
    const app = await hub.app(name, `dist/apps/${name}/src/main.js`, {
      ...env,
      NATS_CREDS: hub.credentials(name, await hub.authority.hubCredentials(name)),
      DATABASE_URL: database.url(),
      CLEARING_PARTY_KEY: 'a key of at least thirty-two characters',
    });
    apps.set(name, app.child);
  }
}

/** Consumers of the recorder and clearing, by the beginning of their names. */
const RECORDING = [consumers.recorder, consumers.clearingOf('' as Network)];

/** Whether the recorder and clearing have acknowledged all that this stream has for them. */
async function isRecorded({ link }: HubFixture, stream: string): Promise<boolean> {
  if (!link.session) return false;
  for await (const info of link.session.jsm.consumers.list(stream)) {
    const isOurs = RECORDING.some((name) => info.name.startsWith(name));
    if (isOurs && info.num_pending + info.num_ack_pending > 0) return false;
  }
  return true;
}
