/** A bus that acknowledges before it writes is found, on real servers; a bus that cannot be asked is not believed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { findNatsServer, freePort, natsServer, required, type Child } from '#engines';
import { network } from '#protocol';
import { StartRefused } from '#service';
import { quiet } from '../../../test/support/hub-fixture.js';
import { AccountRegistry } from './account-registry.js';
import { BusAuthority } from './bus-authority.js';
import { BusConnection } from './bus-connection.js';
import { HUB_STORAGE } from './storage-account.js';
import { StorageCheck, storageVerdict } from './storage-check.js';

const folder = mkdtempSync(join(tmpdir(), 'hutong-storage-'));
const authority = BusAuthority.create();
let safe: Bus;
let unsafe: Bus;
let open: Bus;

interface Bus {
  server: Child;
  url: string;
}

async function start(name: string, options: { trust?: string; unsafeForTests?: boolean }): Promise<Bus> {
  const port = await freePort();
  const found = required('nats-server', await findNatsServer(() => undefined));
  const server = natsServer({
    program: found.paths.program,
    folder: join(folder, name),
    port,
    monitorPort: await freePort(),
    ...options,
  });
  await server.start();
  return { server, url: `nats://127.0.0.1:${port}` };
}

async function as(creds: string | undefined, { url }: Bus): Promise<NatsConnection> {
  return connect({
    servers: url,
    ...(creds ? { authenticator: credsAuthenticator(new TextEncoder().encode(creds)) } : {}),
  });
}

async function linkTo({ url }: Bus): Promise<BusConnection> {
  return BusConnection.open({ url, creds: await authority.hubCredentials('test'), name: 'test' }, quiet);
}

beforeAll(async () => {
  const trust = (name: string) => authority.serverConfig(join(folder, name, 'accounts'));
  safe = await start('safe', { trust: await trust('safe') });
  unsafe = await start('unsafe', { trust: await trust('unsafe'), unsafeForTests: true });
  open = await start('open', {});
});

afterAll(async () => {
  for (const bus of [safe, unsafe, open]) await bus?.server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the hub asks its servers', () => {
  test('one that writes before it acknowledges is safe', async () => {
    const nc = await as(await authority.hubCredentials('test'), safe);
    expect(await storageVerdict(nc)).toEqual({ kind: 'safe', servers: ['hutong'] });
    await nc.close();
  });

  test('one with the default of nats-server is not', async () => {
    const nc = await as(await authority.hubCredentials('test'), unsafe);
    expect(await storageVerdict(nc)).toEqual({ kind: 'unsafe', servers: ['hutong'] });
    await nc.close();
  });

  test('one whose operator exports no such request cannot be verified', async () => {
    const nc = await as(undefined, open);
    expect(await storageVerdict(nc)).toMatchObject({ kind: 'unverified' });
    await nc.close();
  });

  test("a network's credentials learn nothing of the servers", async () => {
    const accounts = await AccountRegistry.open(authority, safe, quiet);
    await accounts.publish(network('north'), { isOpen: true, revoked: {} });
    await accounts.close();
    const nc = await as((await authority.networkCredentials(network('north'))).credentials, safe);
    await expect(nc.request(HUB_STORAGE, '', { timeout: 1000 })).rejects.toThrow();
    await nc.close();
  });
});

describe('a process that joins the bus', () => {
  test('is refused on an unsafe server, with the name of the setting', async () => {
    const link = await linkTo(unsafe);
    const refused = StorageCheck.on(link, false);
    await expect(refused).rejects.toThrow(StartRefused);
    await expect(refused).rejects.toThrow(/sync_interval: always.*BUS_UNSAFE=1/);
    await link.close();
  });

  test('starts there with BUS_UNSAFE=1, and knows that it is unsafe', async () => {
    const link = await linkTo(unsafe);
    expect((await StorageCheck.on(link, true)).isDurable).toBe(false);
    await link.close();
  });

  test('starts on a safe server', async () => {
    const link = await linkTo(safe);
    expect((await StorageCheck.on(link, false)).isDurable).toBe(true);
    await link.close();
  });
});
