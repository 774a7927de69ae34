/** No process starts on a nats-server that acknowledges before it writes; with BUS_UNSAFE=1 all processes start. */
import { spawn } from 'node:child_process';
import { TestNetwork } from '#adapter-contract';
import { answer } from '#bus';
import { DatabaseFixture } from './support/database-fixture.js';
import { HubFixture } from './support/hub-fixture.js';
import { PROGRAM_OPTIONS } from './support/program-options.js';

let hub: HubFixture;
let database: DatabaseFixture;
let north: TestNetwork;
let processes: Record<string, { entry: string; env: NodeJS.ProcessEnv }>;

beforeAll(async () => {
  [hub, database] = [await HubFixture.open({ unsafeForTests: true }), await DatabaseFixture.open()];
  north = await TestNetwork.open('north');
  // As the console of an unsafe bus answers.
  const reply = () => Promise.resolve({ code: '00', peers: [], ids: [], durable: false });
  for (const verb of ['signon', 'heartbeat', 'signoff'])
    await answer(hub.link, `hub.control.${verb}.north`, reply, () => ({ code: '96' }));
  const hubCreds = hub.credentials('hub', await hub.authority.hubCredentials('hub'));
  const ofHub = { NATS_CREDS: hubCreds, DATABASE_URL: database.url() };
  processes = {
    switch: { entry: 'dist/apps/switch/src/main.js', env: ofHub },
    clearing: {
      entry: 'dist/apps/clearing/src/main.js',
      env: { ...ofHub, CLEARING_PARTY_KEY: 'a key of 32 characters for a test' },
    },
    recorder: { entry: 'dist/apps/recorder/src/main.js', env: ofHub },
    console: {
      entry: 'dist/apps/console/src/main.js',
      env: { ...ofHub, BUS_AUTHORITY: hub.file('authority.json', JSON.stringify(hub.authority.seeds)) },
    },
    adapter: {
      entry: 'dist/libs/adapter-contract/src/test-adapter.main.js',
      env: {
        TEST_NETWORK: 'north',
        TEST_PORT: String(north.port),
        NATS_CREDS: await hub.admit('north'),
      },
    },
  };
});

afterAll(async () => {
  await hub?.close();
  await north?.close();
  await database?.close();
});

/** Runs until it ends by itself. */
function runToItsEnd(name: string): Promise<{ code: number | null; said: string }> {
  const { entry, env } = processes[name] ?? { entry: '', env: {} };
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, ...PROGRAM_OPTIONS, NATS_URL: hub.natsUrl, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

describe.each(['switch', 'clearing', 'recorder', 'console', 'adapter'])('the %s', (name) => {
  test('refuses to start, in one line that names the setting', async () => {
    const { code, said } = await runToItsEnd(name);
    expect(code).toBe(1);
    const lines = said.split('\n').filter((line) => line.includes('sync_interval: always'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/on disk.*BUS_UNSAFE=1/);
  });

  test('starts with BUS_UNSAFE=1', async () => {
    const { entry, env } = processes[name] ?? { entry: '', env: {} };
    const app = await hub.app(name, entry, { ...env, BUS_UNSAFE: '1' });
    expect(app.child.running).toBe(true);
  });
});
