/**
 * examples/python-adapter as the author of an adapter runs it: the reference client in Python joins an exchange over the bus, is
 * certified, exchanges messages, receipts and files, is killed in the middle, and renews its credentials.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { TestNetwork } from '#adapter-contract';
import { Child, findPython, freePort, listens, required } from '#engines';
import { factsOf } from '#bus';
import { addressOf, network } from '#protocol';
import { ExchangeFixture } from './support/exchange-fixture.js';
import { until } from './support/until.js';

const run = promisify(execFile);
const FOLDER = join('examples', 'python-adapter');
const SUE = addressOf(network('far'), 'sue');

interface Line {
  from?: string;
  text?: string;
  n?: number;
  file?: null | { name: string; type: string; base64: string };
  delivered?: string;
  read?: string;
  failed?: string;
  code?: string;
  taken?: string;
}

/** Ann at her client. */
class Ann {
  readonly timeline: Line[] = [];
  private static counter = 0;

  private constructor(private readonly socket: Socket) {
    createInterface({ input: socket }).on('line', (line) => this.timeline.push(JSON.parse(line) as Line));
    socket.write(`${JSON.stringify({ hello: 'ann' })}\n`);
  }

  static async dial(port: number): Promise<Ann> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Ann(socket);
  }

  /** Resolves when her network has stored it. The same id again is the same act. */
  async does(act: object, id = `said-${Ann.counter++}`): Promise<string> {
    this.socket.write(`${JSON.stringify({ id, to: SUE, ...act })}\n`);
    await this.sees(`${id} taken`, ({ taken }) => taken === id);
    return id;
  }

  async sees(what: string, found: (line: Line) => boolean): Promise<Line> {
    await until(`ann sees: ${what}`, () => this.timeline.some(found));
    return this.timeline.find(found) ?? {};
  }

  hangUp(): void {
    this.socket.destroy();
  }
}

let python: string;
let exchange: ExchangeFixture;
let far: TestNetwork;
let operator: string;
let creds: string;
let port: number;
let adapter: Child;
let ann: Ann;

const hears = (what: string, found: (act: ReturnType<TestNetwork['inbox']>[number]) => boolean) =>
  until(`sue sees: ${what}`, () => far.inbox('sue').some(found));

beforeAll(async () => {
  python = required('Python with cryptography', await findPython(() => undefined)).paths.program;
  exchange = await ExchangeFixture.open();
  await exchange.hub.switch();
  far = await exchange.network('far');
  await exchange.api('POST', '/v1/networks', { network: 'pigeon', name: 'Pigeon', test: true });
  await exchange.api('POST', '/v1/networks/pigeon/enable', { reason: 'a test' });
  operator = await exchange.operatorKey('pigeon');
  const path = '/v1/networks/pigeon/credentials';
  const { body } = await exchange.api<{ credentials: string }>('POST', path, undefined, { key: operator });
  creds = exchange.hub.credentials('pigeon', body.credentials);
  port = await freePort();
  adapter = pigeon();
  await adapter.start();
  ann = await Ann.dial(port);
});
afterAll(async () => {
  ann?.hangUp();
  await adapter?.stop();
  await exchange?.close();
});

function pigeon(...options: string[]): Child {
  const [nats, data] = [exchange.hub.natsUrl, join(exchange.hub.folder, 'pigeon.db')];
  return new Child({
    name: 'pigeon',
    command: python,
    args: [
      join(FOLDER, 'adapter.py'),
      `--nats=${nats}`,
      `--creds=${creds}`,
      `--data=${data}`,
      `--port=${port}`,
      ...options,
    ],
    logFile: join(exchange.hub.folder, 'pigeon.log'),
    ready: () => listens(port),
  });
}

async function killed(): Promise<void> {
  ann.hangUp();
  await adapter.crash();
  await adapter.start();
  ann = await Ann.dial(port);
}

test('its rules give what the test vectors say', async () => {
  await run(python, ['-m', 'unittest', 'discover', FOLDER]);
});

test('it is certified over the bus, by the command of the documents', async () => {
  const { stdout } = await run(process.execPath, [
    'dist/apps/standalone/src/certify.main.js',
    '--network=pigeon',
    '--loopback=echo',
    `--console=${exchange.console.url}`,
    `--key=${operator}`,
  ]).catch((error: { stdout: string; stderr: string }) => error);
  expect(stdout).toMatch(/^passed: /m);
  expect(stdout).toContain('L2');
});

test('a text each way, delivered and read', async () => {
  const said = await ann.does({ text: 'hello sue 你好 👋' });
  await hears('the text', ({ text, name }) => text === 'hello sue 你好 👋' && name === 'Ann');
  await ann.sees('delivered', ({ delivered }) => delivered === said);
  const heard = far.inbox('sue').find(({ text }) => text?.startsWith('hello sue'));
  far.act({ kind: 'read', from: 'sue', to: 'ann@pigeon', target: heard?.id ?? '' });
  await ann.sees('read', ({ read }) => read === said);

  const answer = far.act({ kind: 'message', from: 'sue', to: 'ann@pigeon', text: 'hello ann' });
  const { n, from } = await ann.sees('the answer', ({ text }) => text === 'hello ann');
  expect(from).toBe(SUE);
  await hears('delivered', ({ kind, target }) => kind === 'delivered' && target === answer);
  await ann.does({ read: n });
  await hears('read', ({ kind, target }) => kind === 'read' && target === answer);
});

test('a stranger is refused with 14, on either side', async () => {
  const lost = far.act({ kind: 'message', from: 'sue', to: 'zoe@pigeon', text: 'zoe?' });
  await hears('14', ({ kind, target, code }) => kind === 'failure' && target === lost && code === '14');
  far.knowsNot('nobody');
  const said = await ann.does({ text: 'who is there?', to: addressOf(network('far'), 'nobody') });
  await ann.sees('14', ({ failed, code }) => failed === said && code === '14');
});

test('a file each way, byte for byte', async () => {
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 256));
  const sha256 = createHash('sha256').update(content).digest('hex');
  const file = { name: 'numbers.bin', type: 'application/octet-stream', base64: content.toString('base64') };
  await ann.does({ text: 'numbers', file });
  await hears('the file', ({ media }) => media?.sha256 === sha256);

  const path = exchange.hub.file('numbers.bin', '');
  writeFileSync(path, content);
  far.act({ kind: 'message', from: 'sue', to: 'ann@pigeon', media: { path } });
  const line = await ann.sees(
    'the file',
    ({ file: received }) => received !== null && received !== undefined,
  );
  expect(Buffer.from(line.file?.base64 ?? '', 'base64').equals(content)).toBe(true);
});

test('killed twice in the middle, it loses nothing, doubles nothing and keeps the order', async () => {
  const numbers = Array.from({ length: 60 }, (_, at) => at);
  for (const at of numbers) {
    far.act({ kind: 'message', from: 'sue', to: 'ann@pigeon', text: `to ann ${at}` });
    const said = `in-a-row-${at}`;
    await ann.does({ text: `to sue ${at}` }, said);
    if (at % 25 !== 24) continue;
    await killed();
    // Ann does not know whether her last line was taken: she sends it again.
    await ann.does({ text: `to sue ${at}` }, said);
  }
  await ann.sees('the last', ({ text }) => text === 'to ann 59');
  await hears('the last', ({ text }) => text === 'to sue 59');
  const sentinel = far.act({ kind: 'message', from: 'sue', to: 'ann@pigeon', text: 'all?' });
  await hears('delivered', ({ kind, target }) => kind === 'delivered' && target === sentinel);
  await ann.sees('the sentinel', ({ text }) => text === 'all?');
  const shown = ann.timeline.flatMap(({ text }) => (text?.startsWith('to ann ') ? [text] : []));
  expect(shown).toEqual(numbers.map((at) => `to ann ${at}`));
  const heard = far.inbox('sue').flatMap(({ text }) => (text?.startsWith('to sue ') ? [text] : []));
  expect(heard).toEqual(numbers.map((at) => `to sue ${at}`));
});

test('it renews its credentials, and continues with the new ones', async () => {
  const before = factsOf(readFileSync(creds, 'utf8')).publicKey;
  ann.hangUp();
  await adapter.stop();
  adapter = pigeon('--renew');
  await adapter.start();
  ann = await Ann.dial(port);
  await until('the file to have a new key', () => factsOf(readFileSync(creds, 'utf8')).publicKey !== before);
  const renewed = factsOf(readFileSync(creds, 'utf8')).publicKey;
  await until('the new key to be in use', async () => {
    const path = '/v1/networks/pigeon/credentials';
    const { body } = await exchange.api<{ items: { publicKey: string; lastUsedAt: string | null }[] }>(
      'GET',
      path,
      undefined,
      { key: operator },
    );
    return body.items.some(({ publicKey, lastUsedAt }) => publicKey === renewed && lastUsedAt !== null);
  });
  await ann.does({ text: 'with new credentials' });
  await hears('it', ({ text }) => text === 'with new credentials');
});

test('the adapter has at most 200 lines, and no file more than 250', () => {
  const lines = (file: string) => readFileSync(join(FOLDER, file), 'utf8').trimEnd().split('\n').length;
  expect(lines('adapter.py')).toBeLessThanOrEqual(200);
  const sources = readdirSync(FOLDER).filter((name) => name.endsWith('.py'));
  for (const file of sources) expect([file, lines(file) <= 250]).toEqual([file, true]);
});
