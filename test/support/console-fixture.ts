/** A console for tests: the real app on a real PostgreSQL and a real bus, two networks, and a key for each role. */
import type { DataSource } from 'typeorm';
import { openDatabase, type Role } from '#database';
import type { Child } from '#engines';
import type { Log } from '#service';
import { startConsole, type ConsoleApp } from '../../apps/console/src/console.app.js';
import { consoleSettings, type ConsoleSettings } from '../../apps/console/src/console.config.js';
import { DatabaseFixture } from './database-fixture.js';
import { HubFixture, quiet } from './hub-fixture.js';
import { ACCEPT_ALL } from './accept-all.js';
import { DocumentedProblems } from './documented-problems.js';
import { addPerson } from './people.js';

export const FIRST_ADMIN = 'hk_an-admin-key-for-this-test';
export const SECOND_ADMIN = 'hk_another-admin-key-for-this-test';

export interface Answer<T> {
  status: number;
  type: string;
  headers: Headers;
  etag: string | null;
  body: T;
}

export class ConsoleFixture {
  /** By network. */
  readonly operators: Record<string, string> = {};
  /** The operator is that of xmpp. */
  readonly keys: Record<Exclude<Role, 'integrator'>, string> = {
    admin: FIRST_ADMIN,
    operator: '',
    auditor: '',
  };
  private problems: DocumentedProblems | undefined;

  private constructor(
    readonly hub: HubFixture,
    private readonly engine: DatabaseFixture,
    /** For looks behind the API. */
    readonly database: DataSource,
    readonly settings: ConsoleSettings,
    private readonly apps: ConsoleApp[],
  ) {}

  /** With live networks, and an operator's key for each. */
  static async of(
    networks: string[],
    clock?: () => Date,
    more: NodeJS.ProcessEnv = {},
  ): Promise<ConsoleFixture> {
    const fixture = await ConsoleFixture.empty(clock, more);
    for (const network of networks) {
      await fixture.call(FIRST_ADMIN, 'POST', '/v1/networks', { network, name: network });
      await fixture.call(FIRST_ADMIN, 'POST', `/v1/networks/${network}/enable`, { reason: 'a test' });
      fixture.operators[network] = await fixture.key(`${network} people`, 'operator', network);
    }
    return fixture;
  }

  /**
   * With the networks `xmpp` and `matrix`, not yet live.
   * @param clock what time it is for the console
   * @param more settings beyond those that every console has
   */
  static async open(clock?: () => Date, more: NodeJS.ProcessEnv = {}): Promise<ConsoleFixture> {
    const fixture = await ConsoleFixture.empty(clock, more);
    await fixture.call(FIRST_ADMIN, 'POST', '/v1/networks', { network: 'xmpp', name: 'XMPP' });
    await fixture.call(FIRST_ADMIN, 'POST', '/v1/networks', { network: 'matrix', name: 'Matrix' });
    fixture.keys.operator = await fixture.key('xmpp people', 'operator', 'xmpp');
    return fixture;
  }

  private static async empty(clock?: () => Date, more: NodeJS.ProcessEnv = {}): Promise<ConsoleFixture> {
    const [hub, engine] = [await HubFixture.open(), await DatabaseFixture.open()];
    const settings = consoleSettings.parse({
      HTTP_PORT: 0,
      NATS_URL: hub.natsUrl,
      NATS_CREDS: hub.credentials('console', await hub.authority.hubCredentials('console')),
      BUS_AUTHORITY: hub.file('authority.json', JSON.stringify(hub.authority.seeds)),
      DATABASE_URL: engine.url(),
      ADMIN_KEY: FIRST_ADMIN,
      SECOND_ADMIN_KEY: SECOND_ADMIN,
      ENCRYPTION_KEY: '5e'.repeat(32),
      ...more,
    });
    const first = await startConsole(settings, quiet, clock);
    const database = await openDatabase(settings.DATABASE_URL);
    const fixture = new ConsoleFixture(hub, engine, database, settings, [first]);
    fixture.keys.auditor = await fixture.key('auditor', 'auditor');
    return fixture;
  }

  /** A second console beside the first, as in production. */
  async another(): Promise<void> {
    this.apps.push(await startConsole(this.settings, quiet));
  }

  get url(): string {
    return this.app.url;
  }

  get app(): ConsoleApp {
    const [first] = this.apps;
    if (!first) throw new Error('no console runs');
    return first;
  }

  get postgres(): Child {
    return this.engine.server;
  }

  get auditor(): string {
    return this.keys.auditor;
  }

  /** Of a new person, added by both admins. */
  key(name: string, role: Role, network?: string): Promise<string> {
    const admins = {
      propose: async (path: string, body: object) => {
        const answer = await this.call<{ id: string }>(FIRST_ADMIN, 'POST', path, body);
        if (answer.status !== 202) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
        return answer.body.id;
      },
      approve: async (change: string) => (await this.approve(change)).status,
    };
    return addPerson(admins, { name, role, network });
  }

  readonly call = async <T = Record<string, unknown>>(
    key: string | undefined,
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> => {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const isOneDocument = /^[{[]/.test(text) && !type.includes('ndjson');
    const answer = {
      status: response.status,
      type,
      headers: response.headers,
      etag: response.headers.get('etag'),
      body: (isOneDocument ? JSON.parse(text) : text) as T,
    };
    if (answer.type.startsWith('application/problem+json')) {
      this.problems ??= DocumentedProblems.read();
      const { type } = answer.body as { type: string };
      this.problems.expectNamed({ method, path, type });
    }
    return answer;
  };

  /** The operator with this key accepts every change by a rule. @returns the id of the rule */
  async acceptAll(key: string): Promise<string> {
    return (await this.call<{ id: string }>(key, 'POST', '/v1/acceptance-rules', ACCEPT_ALL)).body.id;
  }

  /** The second of two people. */
  approve(change: string): Promise<Answer<{ state: string }>> {
    return this.call(SECOND_ADMIN, 'POST', `/v1/changes/${change}/approve`, { reason: 'agreed' });
  }

  sql<Row>(query: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.database.query<Row[]>(query, parameters);
  }

  /**
   * The console stops and starts again, on the same database and bus.
   * @param between done while no console runs
   */
  async restart(log: Log = quiet, between = () => Promise.resolve()): Promise<void> {
    for (const app of this.apps.splice(0)) await app.close();
    await between();
    this.apps.push(await startConsole(this.settings, log));
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.database.destroy();
    await this.hub.close();
    await this.engine.close();
  }
}
