/**
 * examples/python-adapter as the author of an adapter runs it: the reference client in Python joins an exchange over the bus with the
 * commands of docs/join-over-the-bus.md, is certified, exchanges messages, receipts and files, is killed in the middle, and renews its credentials.
 */
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { TestNetwork } from '#adapter-contract';
import { Child, findPython, freePort, listens, required } from '#engines';
import { factsOf } from '#bus';
import { addressOf, network } from '#protocol';
import { ADMIN_KEY, ExchangeFixture, SECOND_ADMIN } from './support/exchange-fixture.js';
import { blocksOfTheJoinPage } from './support/join-page.js';
import { until } from './support/until.js';

const run = promisify(execFile);
const FOLDER = join('examples', 'python-adapter');
const SUE = addressOf(network('far'), 'sue');

interface Credentials {
  items: { publicKey: string; lastUsedAt: string | null }[];
}

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

/** A shell in which the commands of the page run, in a folder as that of an installation. */
class Shell {
  readonly folder: string;
  private readonly process: ChildProcessWithoutNullStreams;
  private printed = '';
  private counter = 0;

  constructor({ hub, console }: ExchangeFixture, python: string) {
    this.folder = mkdtempSync(join(hub.folder, 'shell-'));
    mkdirSync(join(this.folder, 'data'));
    const [adminKey, secondAdminKey] = [ADMIN_KEY, SECOND_ADMIN];
    const installed = { console: { url: console.url, adminKey, secondAdminKey } };
    writeFileSync(join(this.folder, 'data', 'standalone.json'), JSON.stringify(installed));
    const path = `${dirname(python)}:${process.env['PATH']}`;
    this.process = spawn('bash', { cwd: this.folder, env: { ...process.env, PATH: path, PEER: 'far' } });
    this.process.stdout.on('data', (text: Buffer) => (this.printed += text.toString()));
    this.process.stderr.on('data', (text: Buffer) => (this.printed += text.toString()));
  }

  /** @returns what the commands print */
  async run(commands: string): Promise<string> {
    const end = `end of ${this.counter++}`;
    this.printed = '';
    this.process.stdin.write(`${commands}\necho "${end}"\n`);
    await until(`the end of ${commands}`, () => this.printed.endsWith(`${end}\n`));
    return this.printed.slice(0, -end.length - 1);
  }

  close(): void {
    this.process.kill();
  }
}

const COMMANDS = blocksOfTheJoinPage().flatMap(({ language, text }) => (language === 'sh' ? [text] : []));
/** The commands before and after the start of the adapter. */
const [before, after] = [COMMANDS.slice(0, 4), COMMANDS.slice(4)];

let python: string;
let shell: Shell;
let exchange: ExchangeFixture;
let far: TestNetwork;
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
  shell = new Shell(exchange, python);
  creds = join(shell.folder, 'pigeon.creds');
  port = await freePort();
  const printed: string[] = [];
  for (const commands of before) printed.push(await shell.run(commands));
  expect(printed).toEqual(['', 'approved\nlive\n', 'applied\n', '']);
  adapter = pigeon();
  await adapter.start();
  ann = await Ann.dial(port);
  await until('pigeon to sign on', async () =>
    (await shell.run(after[0] ?? '')).includes("'signedOn': True"),
  );
});
afterAll(async () => {
  shell?.close();
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

test('the commands of the page certify it and make its agreements, in their order', async () => {
  const [signOn = '', certification = '', agreement = ''] = after;
  expect(await shell.run(signOn)).toContain("'signedOn': True");
  expect(await shell.run(certification)).toBe('passed\nL2\n');
  expect(await shell.run(agreement)).toBe('approved\napplied\napproved\napplied\n');
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
    const { body } = await exchange.api<Credentials>('GET', path);
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
