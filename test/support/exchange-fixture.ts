/** A whole exchange with nothing standing in for anything: bus, database, console, recorder, switch, and test networks admitted over the API. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { TestNetwork } from '#adapter-contract';
import { findPostgres, freePort, postgres, postgresUrl, required, type Child } from '#engines';
import { TRAFFIC_CLASSES } from '#protocol';
import { HubFixture, until, type App } from './hub-fixture.js';
import { ACCEPT_ALL } from './accept-all.js';
import { addPerson } from './people.js';
import { copyPostgresTemplate } from './postgres-template.js';

export const ADMIN_KEY = 'hk_an-admin-key-for-this-test';
export const SECOND_ADMIN = 'hk_another-admin-key-for-this-test';

export interface Answer<T> {
  status: number;
  etag: string | undefined;
  text: string;
  body: T;
}

export class ExchangeFixture {
  /** Of the test networks. */
  readonly adapters = new Map<string, App>();

  private constructor(
    readonly hub: HubFixture,
    readonly database: Child,
    readonly console: App,
    readonly sql: Client,
    readonly sqlUrl: string,
    readonly databaseFolder: string,
    private readonly folder: string,
    private readonly networks: TestNetwork[] = [],
  ) {}

  /** @param settings of the console, beside those that every test needs */
  static async open(settings: NodeJS.ProcessEnv = {}): Promise<ExchangeFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-exchange-'));
    const hub = await HubFixture.open();
    const port = await freePort();
    const { bin } = required(
      'PostgreSQL',
      findPostgres(() => undefined),
    ).paths;
    const databaseFolder = join(folder, 'pg');
    const sqlUrl = postgresUrl(port, 'hutong');
    await copyPostgresTemplate(databaseFolder);
    const database = postgres({ bin, folder: databaseFolder, port, unsafeForTests: true });
    await database.start();
    const console = await hub.app('console', 'dist/apps/console/src/main.js', {
      NATS_CREDS: hub.credentials('console', await hub.authority.hubCredentials('console')),
      BUS_AUTHORITY: hub.file('authority.json', JSON.stringify(hub.authority.seeds)),
      DATABASE_URL: sqlUrl,
      ADMIN_KEY,
      SECOND_ADMIN_KEY: SECOND_ADMIN,
      ...settings,
    });
    await hub.app('recorder', 'dist/apps/recorder/src/main.js', {
      NATS_CREDS: hub.credentials('recorder', await hub.authority.hubCredentials('recorder')),
      DATABASE_URL: sqlUrl,
    });
    const sql = new Client({ connectionString: sqlUrl });
    sql.on('error', () => undefined);
    await sql.connect();
    const exchange = new ExchangeFixture(hub, database, console, sql, sqlUrl, databaseFolder, folder);
    await exchange.openToAll();
    return exchange;
  }

  /** While there is no network yet, only the two admins must agree. */
  private async openToAll(): Promise<void> {
    const terms = { from: '*', to: '*', classes: TRAFFIC_CLASSES, validFrom: new Date().toISOString() };
    const proposed = await this.api<{ id: string }>('POST', '/v1/agreements', { terms, reason: 'a test' });
    if ((await this.approve(proposed.body.id)) !== 200) throw new Error(`no agreement: ${proposed.text}`);
  }

  async api<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
    { key = ADMIN_KEY, ifMatch }: { key?: string; ifMatch?: string } = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.console.url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(ifMatch ? { 'if-match': ifMatch } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return {
      status: response.status,
      etag: response.headers.get('etag') ?? undefined,
      text,
      body: (text ? JSON.parse(text) : undefined) as T,
    };
  }

  /** Registered, live, its adapter signed on. Its operator accepts every change by a rule. */
  async network(slug: string): Promise<TestNetwork> {
    const opened = await TestNetwork.open(slug);
    this.networks.push(opened);
    this.adapters.set(
      slug,
      await this.adapter(slug, 'dist/libs/adapter-contract/src/test-adapter.main.js', {
        TEST_NETWORK: slug,
        TEST_PORT: String(opened.port),
      }),
    );
    return opened;
  }

  /** The same with an adapter of its own. @param program the adapter's */
  async adapter(slug: string, program: string, settings: NodeJS.ProcessEnv): Promise<App> {
    await this.api('POST', '/v1/networks', {
      network: slug,
      name: slug,
      test: true,
    });
    await this.api('POST', `/v1/networks/${slug}/enable`, { reason: 'a test' });
    const key = await this.operatorKey(slug);
    await this.api('POST', '/v1/acceptance-rules', ACCEPT_ALL, { key });
    const path = `/v1/networks/${slug}/credentials`;
    const { body } = await this.api<{ credentials: string }>('POST', path, undefined, { key });
    const app = await this.hub.app(`adapter-${slug}`, program, {
      ...settings,
      NATS_CREDS: this.hub.credentials(`adapter-${slug}`, body.credentials),
    });
    await until(`${slug} to sign on`, async () => {
      const path = `/v1/networks/${slug}`;
      const { body: now } = await this.api<{ adapter: { signedOn: boolean; nativeConnected: boolean } }>(
        'GET',
        path,
      );
      return now.adapter.signedOn && now.adapter.nativeConnected;
    });
    return app;
  }

  /** The second of two people. */
  async approve(change: string): Promise<number> {
    const path = `/v1/changes/${change}/approve`;
    return (await this.api('POST', path, { reason: 'agreed' }, { key: SECOND_ADMIN })).status;
  }

  /** Of a new person, added by both admins. */
  operatorKey(slug: string): Promise<string> {
    const admins = {
      propose: async (path: string, body: object) => {
        const answer = await this.api<{ id: string }>('POST', path, body);
        if (answer.status !== 202) throw new Error(`${path}: ${answer.text}`);
        return answer.body.id;
      },
      approve: (change: string) => this.approve(change),
    };
    return addPerson(admins, { name: `${slug} people`, role: 'operator', network: slug });
  }

  async close(): Promise<void> {
    await this.sql.end().catch(() => undefined);
    await this.hub.close();
    await this.database.stop();
    for (const network of this.networks) await network.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
