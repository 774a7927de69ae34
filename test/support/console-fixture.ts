/** The console in this process, on a real bus and a real PostgreSQL, with networks, their operators, and an admin. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { findPostgres, freePort, postgres, postgresUrl, required, type Child } from '#engines';
import { openDatabase } from '#database';
import { startConsole, type ConsoleApp } from '../../apps/console/src/console.app.js';
import { consoleSettings, type ConsoleSettings } from '../../apps/console/src/console.config.js';
import { HubFixture, quiet } from './hub-fixture.js';

export const ADMIN_KEY = 'hk_an-admin-key-for-this-test';

export interface Answered<T> {
  status: number;
  etag: string | null;
  body: T;
}

export class ConsoleFixture {
  private constructor(
    readonly hub: HubFixture,
    readonly app: ConsoleApp,
    readonly settings: ConsoleSettings,
    readonly database: DataSource,
    private readonly postgres: Child,
    private readonly folder: string,
    /** By network. */
    readonly operators: Record<string, string>,
    readonly auditor: string,
  ) {}

  static async open(networks: string[]): Promise<ConsoleFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-console-'));
    const hub = await HubFixture.open();
    const port = await freePort();
    const found = required(
      'PostgreSQL',
      findPostgres(() => undefined),
    );
    const engine = postgres({ bin: found.paths.bin, folder: join(folder, 'pg'), port, volatile: true });
    await engine.start();
    const authority = join(folder, 'authority.json');
    writeFileSync(authority, JSON.stringify(hub.authority.seeds));
    const settings = consoleSettings.parse({
      HTTP_PORT: 0,
      NATS_URL: hub.natsUrl,
      NATS_CREDS: hub.credentials('console', await hub.authority.hubCredentials('console')),
      BUS_AUTHORITY: authority,
      DATABASE_URL: postgresUrl(port, 'hutong'),
      ADMIN_KEY,
    });
    const app = await startConsole(settings, quiet);
    const database = await openDatabase(settings.DATABASE_URL);
    const operators: Record<string, string> = {};
    const newKey = async (body: object) =>
      (await request<{ key: string }>(app, ADMIN_KEY, 'POST', '/v1/keys', body)).body.key;
    for (const network of networks) {
      await request(app, ADMIN_KEY, 'POST', '/v1/networks', { network, name: network });
      await request(app, ADMIN_KEY, 'POST', `/v1/networks/${network}/enable`);
      operators[network] = await newKey({ name: `${network} people`, role: 'operator', network });
    }
    const auditor = await newKey({ name: 'auditor', role: 'auditor' });
    return new ConsoleFixture(hub, app, settings, database, engine, folder, operators, auditor);
  }

  call<T = Record<string, unknown>>(
    key: string | undefined,
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answered<T>> {
    return request<T>(this.app, key, method, path, body, headers);
  }

  async close(): Promise<void> {
    await this.database.destroy();
    await this.app.close();
    await this.hub.close();
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function request<T>(
  app: ConsoleApp,
  key: string | undefined,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answered<T>> {
  const response = await fetch(app.url + path, {
    method,
    headers: {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return {
    status: response.status,
    etag: response.headers.get('etag'),
    body: (/^[[{]/.test(text) ? JSON.parse(text) : text) as T,
  };
}
