/** The life of a certificate: asked for by REST, bound to a build, ended by time or by an admin; all of it in the audit log. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { openDatabase } from '#database';
import { findPostgres, freePort, postgres, postgresUrl, required, type Child } from '#engines';
import { startConsole, type ConsoleApp } from '../apps/console/src/console.app.js';
import { consoleSettings } from '../apps/console/src/console.config.js';
import { HubFixture, quiet, until } from './support/hub-fixture.js';
import { addPerson } from './support/people.js';
import { PlainAdapter } from './support/plain-adapter.js';
import { PlainNetwork } from './support/plain-network.js';
import { copyPostgresTemplate } from './support/postgres-template.js';
import { PROGRAM_OPTIONS } from './support/program-options.js';

const ADMIN_KEY = 'hk_an-admin-key-for-this-test';
const SECOND_ADMIN_KEY = 'hk_another-admin-key-for-this-test';
const ADMIN = /^admin /;
let folder: string;
let hub: HubFixture;
let engine: Child;
let url: string;
let database: DataSource;
let app: ConsoleApp;
let operatorKey: string;
let adapter: PlainAdapter;

interface Shown {
  state: string;
  level: string | null;
  build: string | null;
  validUntil: string | null;
  report: { cases: { id: string; verdict: string }[] };
}

async function call<T>(key: string, method: string, path: string, body?: object) {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body ? { 'content-type': 'application/json' } : {}),
  };
  const response = await fetch(app.url + path, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, text, body: (text.startsWith('{') ? JSON.parse(text) : {}) as T };
}

async function openConsole(): Promise<ConsoleApp> {
  return startConsole(
    consoleSettings.parse({
      HTTP_PORT: 0,
      NATS_URL: hub.natsUrl,
      NATS_CREDS: hub.credentials('console', await hub.authority.hubCredentials('console')),
      BUS_AUTHORITY: hub.file('authority.json', JSON.stringify(hub.authority.seeds)),
      DATABASE_URL: url,
      ADMIN_KEY,
      SECOND_ADMIN_KEY,
    }),
    quiet,
  );
}

async function adapterState(): Promise<string> {
  const { body } = await call<{ adapter: { state: string } }>(ADMIN_KEY, 'GET', '/v1/networks/plain');
  return body.adapter.state;
}

const certification = async (id: string) =>
  (await call<Shown>(operatorKey, 'GET', `/v1/networks/plain/certifications/${id}`)).body;

const audited = async () =>
  database.query<{ action: string; actor: string; reason: string }[]>(
    "SELECT action, actor, reason FROM audit WHERE subject = 'network/plain' AND action LIKE 'adapter.%' ORDER BY seq",
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-certificate-'));
  hub = await HubFixture.open();
  const port = await freePort();
  const { bin } = required(
    'PostgreSQL',
    findPostgres(() => undefined),
  ).paths;
  await copyPostgresTemplate(join(folder, 'pg'));
  engine = postgres({ bin, folder: join(folder, 'pg'), port, unsafeForTests: true });
  await engine.start();
  url = postgresUrl(port, 'hutong');
  app = await openConsole();
  database = await openDatabase(url);
  await call(ADMIN_KEY, 'POST', '/v1/networks', { network: 'plain', name: 'Plain' });
  const admins = {
    propose: async (path: string, body: object) =>
      (await call<{ id: string }>(ADMIN_KEY, 'POST', path, body)).body.id,
    approve: async (change: string) =>
      (await call(SECOND_ADMIN_KEY, 'POST', `/v1/changes/${change}/approve`, { reason: 'agreed' })).status,
  };
  operatorKey = await addPerson(admins, { name: 'plain people', role: 'operator', network: 'plain' });
  const path = '/v1/networks/plain/credentials';
  const { body: issued } = await call<{ credentials: string }>(operatorKey, 'POST', path);
  adapter = await PlainAdapter.start({
    slug: 'plain',
    natsUrl: hub.natsUrl,
    creds: issued.credentials,
    network: new PlainNetwork('echo'),
  });
});

afterAll(async () => {
  await adapter?.stop();
  await app?.close();
  await database?.destroy();
  await hub?.close();
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('at its first sign-on an adapter is in the sandbox', async () => {
  await until('the sandbox', async () => (await adapterState()) === 'sandbox');
  expect(await audited()).toEqual([{ action: 'adapter.sandbox', actor: 'hub', reason: 'first sign-on' }]);
});

test('its operator has it certified, and sees how it goes', async () => {
  const path = '/v1/networks/plain/certifications';
  const started = await call<{ id: string }>(operatorKey, 'POST', path, { loopback: 'echo' });
  expect(started.status).toBe(202);
  const { id } = started.body;
  expect(await call(operatorKey, 'POST', path, { loopback: 'echo' })).toMatchObject({
    status: 409,
    body: { type: 'urn:hutong:problem:conflict' },
  });
  await until('progress', async () => {
    const { state, report } = await certification(id);
    return state === 'running' && report.cases.some(({ verdict }) => verdict === 'pass');
  });
  await until('the end', async () => (await certification(id)).state !== 'running');
  expect(await certification(id)).toMatchObject({ state: 'passed', level: 'L2', build: 'plain 1.0' });
  expect(await adapterState()).toBe('certified');
  const { status, text } = await call(operatorKey, 'GET', `${path}/${id}/page`);
  expect({ status, start: text.slice(0, 15) }).toEqual({ status: 200, start: '<!doctype html>' });
  expect(text).toContain('Certification of plain');
  expect((await audited()).at(-1)).toMatchObject({
    action: 'adapter.certified',
    reason: `certification ${id}`,
  });
});

test('another build is in the sandbox again', async () => {
  adapter.build = 'plain 2.0';
  await until('the sandbox', async () => (await adapterState()) === 'sandbox');
  expect((await audited()).at(-1)).toEqual({
    action: 'adapter.sandbox',
    actor: 'hub',
    reason: 'another build',
  });
});

test('npm run certify shows case by case, and ends with 0', async () => {
  const args = ['--network', 'plain', '--loopback', 'echo', '--console', app.url, '--key', ADMIN_KEY];
  const child = spawn(process.execPath, ['dist/apps/standalone/src/certify.main.js', ...args], {
    env: { ...process.env, ...PROGRAM_OPTIONS },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(said).toMatch(/✓ L1 text +A text and its answer/);
  expect(said).toContain('level L2');
  const [, link = ''] = /report: (\S+)/.exec(said) ?? [];
  expect(await (await fetch(link)).text()).toContain('Certification of plain');
  expect({ code, state: await adapterState() }).toEqual({ code: 0, state: 'certified' });
});

test('the list has both, newest first, in pages', async () => {
  const path = '/v1/networks/plain/certifications?limit=1';
  const first = await call<{ items: Shown[]; next: string }>(operatorKey, 'GET', path);
  const second = await call<{ items: Shown[]; next: string | null }>(
    operatorKey,
    'GET',
    `${path}&cursor=${first.body.next}`,
  );
  expect([...first.body.items, ...second.body.items].map(({ build }) => build)).toEqual([
    'plain 2.0',
    'plain 1.0',
  ]);
  expect(second.body.next).toBeNull();
});

test('a certificate expires after its time; a certification that a crash interrupted is aborted', async () => {
  await database.query("UPDATE certification SET valid_until = now() - interval '1 second' WHERE passed");
  const left = '00000000-0000-4000-8000-000000000001';
  await database.query(
    `INSERT INTO certification (id, network, suite_version, report, state, at, by)
     SELECT $1, network, suite_version, report, 'running', now() - interval '11 minutes', by FROM certification LIMIT 1`,
    [left],
  );
  await app.close();
  app = await openConsole();
  await until('expired', async () => (await adapterState()) === 'expired');
  expect((await audited()).at(-1)).toMatchObject({ action: 'adapter.expired', actor: 'hub' });
  await until('aborted', async () => (await certification(left)).state === 'aborted');
});

test('a certificate that an admin revoked stays revoked, and the operator cannot certify the network again', async () => {
  const { body } = await call(ADMIN_KEY, 'POST', '/v1/networks/plain/adapter/revoke', { reason: 'it lied' });
  expect(body).toMatchObject({ network: 'plain', state: 'revoked' });
  adapter.build = 'plain 3.0';
  await until('the new build', async () => {
    const shown = await call<{ adapter: { build: string } }>(ADMIN_KEY, 'GET', '/v1/networks/plain');
    return shown.body.adapter.build === 'plain 3.0';
  });
  expect(await adapterState()).toBe('revoked');
  const asked = await call(operatorKey, 'POST', '/v1/networks/plain/certifications', { loopback: 'echo' });
  expect(asked).toMatchObject({ status: 403, body: { type: 'urn:hutong:problem:forbidden' } });
  const [revoked, declared] = (await audited()).slice(-2);
  expect(revoked).toMatchObject({
    action: 'adapter.revoked',
    actor: expect.stringMatching(ADMIN) as string,
    reason: 'it lied',
  });
  expect(declared).toMatchObject({ action: 'adapter.declared', actor: 'hub', reason: 'another build' });
});
