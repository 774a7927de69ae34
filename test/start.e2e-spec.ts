/** `npm start` as a newcomer has it, from the compiled programs: a port is taken, somebody telephones, Ctrl-C, and the next day. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '#engines';
import { AS_COMPILED } from './support/program-options.js';
import { StandaloneFixture } from './support/standalone-fixture.js';
import { until } from './support/hub-fixture.js';

const CONSOLE_PORT = 8080;

let whole: StandaloneFixture;
/** Somebody else's, on the same machine. */
let bystander: ChildProcess;
const squatter = createServer();

beforeAll(async () => {
  bystander = spawn('sleep', ['3600']);
  squatter.on('error', () => undefined);
  squatter.listen(CONSOLE_PORT, '127.0.0.1');
  // Whoever else has the port, it is taken.
  await once(squatter, 'listening').catch(() => undefined);
  whole = await StandaloneFixture.open(['fetion', 'yixin'], {
    HUTONG_PORTS: 'the usual ones',
    HUTONG_CALLS: 'on',
    ...AS_COMPILED,
  });
});

afterAll(async () => {
  await whole?.close();
  squatter.close();
  bystander.kill();
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a port that is taken is named, and another one serves', async () => {
  expect(whole.said).toMatch(new RegExp(`port ${CONSOLE_PORT} \\(\\w+\\) is taken; using \\d+`));
  expect(new URL(whole.file.console.url).port).not.toBe(String(CONSOLE_PORT));
  expect((await fetch(`${whole.file.console.url}/healthz/ready`)).status).toBe(200);
});

test('Janus runs for call pages, or is named as missing', () => {
  const isThere = whole.running().includes('janus');
  expect(whole.said).toMatch(isThere ? /Janus \S+ on port \d+/ : /no call page: Janus is not available/);
});

test('somebody takes a telephone, asks for help, and hangs up', async () => {
  const phone = spawn(process.execPath, ['dist/apps/standalone/src/phone.main.js', 'fetion', '13800138000'], {
    env: { ...process.env, HUTONG_DATA: whole.folder, ...AS_COMPILED },
  });
  let shown = '';
  for (const stream of [phone.stdout, phone.stderr])
    stream.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  await until('the telephone to answer', () => shown.includes('输入 /help 查看可以做什么'));
  phone.stdin.write('/help\n/contacts\n');
  await until('help', () => shown.includes('/quit'));
  phone.stdin.write('/quit\n');
  await once(phone, 'exit');
  expect(phone.exitCode).toBe(0);
});

test('the phone of a network that is not simulated here prints which networks are', async () => {
  const phone = spawn(process.execPath, ['dist/apps/standalone/src/phone.main.js', 'icq', '1'], {
    env: { ...process.env, HUTONG_DATA: whole.folder, ...AS_COMPILED },
  });
  let shown = '';
  phone.stderr.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  await once(phone, 'close');
  expect([phone.exitCode, shown]).toEqual([1, '"icq" is not simulated here; these are: fetion, yixin\n']);
});

/** `npm run adapter-open` on this installation. */
function openAdapter(...options: string[]): ChildProcess {
  return spawn(process.execPath, ['dist/apps/standalone/src/open-adapter.main.js', ...options], {
    env: { ...process.env, HUTONG_DATA: whole.folder, ...AS_COMPILED },
  });
}

test('one command joins another network through the open interface', async () => {
  const port = await freePort();
  const guest = openAdapter('--network', 'guest', '--port', String(port));
  await until('the guest to sign on', async () => {
    const shown = await whole.console<{ adapter?: { signedOn: boolean } }>('GET', '/v1/networks/guest');
    return shown.body.adapter?.signedOn === true;
  });
  await until('its interface to answer', async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/open/v1/openapi.json`);
    return status === 200;
  });
  guest.kill();
  await once(guest, 'exit');
});

test('the same command for a network that npm start runs says so', async () => {
  const refused = openAdapter('--network', 'fetion');
  let shown = '';
  refused.stderr?.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  await once(refused, 'close');
  expect([refused.exitCode, shown]).toEqual([1, expect.stringContaining('choose another slug')]);
});

test('Ctrl-C ends all processes that it started, and no others; the next start has the same data', async () => {
  const kept = { network: 'mine', name: 'A network of my own' };
  expect((await whole.console('POST', '/v1/networks', kept)).status).toBe(201);
  const key = whole.file.console.adminKey;
  const run = join(whole.folder, 'run');
  const started = readdirSync(run).map((file) => Number(readFileSync(join(run, file), 'utf8')));
  expect(started.length).toBeGreaterThan(5);
  expect(started.every(isAlive)).toBe(true);

  await whole.stop();
  expect(started.filter(isAlive)).toEqual([]);
  expect(bystander.exitCode).toBeNull();
  expect(existsSync(join(whole.folder, 'standalone.json'))).toBe(false);

  await whole.start();
  expect(whole.file.console.adminKey).toBe(key);
  expect((await whole.console<{ name: string }>('GET', '/v1/networks/mine')).body.name).toBe(kept.name);
});
