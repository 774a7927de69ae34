/** What a newcomer gets from `npm start`, in a folder of its own and on free ports. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { NetworkPart } from '#network-manifest';
import type { MatrixPart } from '../../apps/adapter-matrix/src/network.js';
import type { XmppPart } from '../../apps/adapter-xmpp/src/network.js';
import type { StandaloneFile } from '../../apps/standalone/src/standalone-file.js';
import { until } from './hub-fixture.js';
import { copyPostgresTemplate } from './postgres-template.js';
import { PROGRAM_OPTIONS } from './program-options.js';
import { MatrixPhone } from '../../apps/adapter-matrix/phone/matrix.phone.js';
import { XmppPhone } from '../../apps/adapter-xmpp/phone/xmpp.phone.js';

/** What was asked for is there. */
type SimulatedPart = NetworkPart & Required<Pick<NetworkPart, 'usersUrl' | 'language'>>;
type WholeFile = StandaloneFile & {
  networks: {
    xmpp: XmppPart;
    matrix: MatrixPart;
    fetion: SimulatedPart;
    wechat: SimulatedPart;
    yixin: SimulatedPart;
    feiliao: SimulatedPart;
    sandbox: NetworkPart & { url: string; key: string };
  };
};

const TWO = ['xmpp', 'matrix'];
/** Less than a hook may take (hook-timeouts.mjs). */
const START_TIMEOUT_MS = 110_000;

export interface Letter {
  id: number;
  reason: string;
  detail: string;
  network: string;
  payload?: string;
}
export interface Problem {
  status: number;
  code: string;
  detail: string;
  errors?: { field: string; rule: string }[];
}
export interface Secrets {
  hsToken: string;
  asToken: string;
  componentSecret: string;
  adminKey: string;
  passwords: Record<string, string>;
}

export type ProcessName =
  | 'nats-server'
  | 'postgres'
  | 'prosody'
  | 'synapse'
  | 'janus'
  | 'console'
  | 'switch'
  | 'recorder'
  | 'media-gateway'
  | 'hub'
  | 'simulators'
  | 'adapters'
  | `adapter-${string}`;

/** Setting for tests that kill one app alone: each has a process of its own, as in production. */
export const PROCESS_EACH = { HUTONG_PROCESSES: 'each' };

export class StandaloneFixture {
  private owned = true;
  private process: ChildProcess | undefined;
  private output = '';

  /** Its output to the terminal since its start. */
  get said(): string {
    return this.output;
  }

  file!: WholeFile;

  private constructor(
    private readonly slugs: string[],
    private readonly more: NodeJS.ProcessEnv = {},
    readonly folder = mkdtempSync(join(tmpdir(), 'hutong-whole-')),
  ) {}

  /** One that runs already, and goes on running. @param file its standalone.json */
  static attach(file: string): StandaloneFixture {
    const fixture = new StandaloneFixture([], {}, dirname(file));
    fixture.owned = false;
    fixture.file = JSON.parse(readFileSync(file, 'utf8')) as WholeFile;
    return fixture;
  }

  /**
   * @param slugs the networks that the play needs
   * @param folder of its data, which it fills as a first start does; without it, one with a database that is already migrated
   */
  static async open(slugs = TWO, more: NodeJS.ProcessEnv = {}, folder?: string): Promise<StandaloneFixture> {
    const fixture = new StandaloneFixture(slugs, more, folder);
    if (folder === undefined)
      await copyPostgresTemplate((version) => join(fixture.folder, `postgres-${version.split('.')[0]}`));
    await fixture.start();
    return fixture;
  }

  /** @param once settings of this start alone */
  async start(once: NodeJS.ProcessEnv = {}): Promise<void> {
    this.output = '';
    const env = {
      ...process.env,
      HUTONG_DATA: this.folder,
      HUTONG_PORTS: 'any',
      // Few tests look at them, and each is one more process.
      HUTONG_WALL: 'off',
      HUTONG_CALLS: 'off',
      HUTONG_NETWORKS: this.slugs.join(','),
      ...PROGRAM_OPTIONS,
      ...this.more,
      ...once,
    };
    const child = spawn(process.execPath, ['dist/apps/standalone/src/main.js'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    const written = join(this.folder, 'standalone.json');
    await until(
      `npm start to be ready:\n${this.output}`,
      () => {
        if (child.exitCode !== null) throw new Error(`npm start ended:\n${this.output}`);
        return existsSync(written) && this.output.includes('ready; described');
      },
      START_TIMEOUT_MS,
    );
    this.file = JSON.parse(readFileSync(written, 'utf8')) as WholeFile;
  }

  /** The process that `npm start` is; all others are its children. */
  get pid(): number {
    const pid = this.process?.pid;
    if (pid === undefined) throw new Error('it does not run');
    return pid;
  }

  /** Names of the processes that it started. */
  running(): string[] {
    return readdirSync(join(this.folder, 'run')).map((file) => file.replace(/\.pid$/, ''));
  }

  /** SIGKILL, as a crash; the supervisor starts it again. */
  kill(name: ProcessName, signal: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL'): void {
    process.kill(Number(readFileSync(join(this.folder, 'run', `${name}.pid`), 'utf8')), signal);
  }

  /** As Ctrl-C does. */
  async stop(): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGINT');
    await ended;
  }

  async close(): Promise<void> {
    await this.stop();
    if (this.owned && process.env['TEST_KEEP'] === undefined)
      rmSync(this.folder, { recursive: true, force: true });
  }

  xmppPhone(index = 0): Promise<XmppPhone> {
    const { host, port, domain, accounts } = this.file.networks.xmpp;
    const account = accounts[index];
    return XmppPhone.dial({
      host,
      port,
      domain,
      user: account?.native.split('@')[0] ?? '',
      password: account?.password ?? '',
    });
  }

  matrixPhone(index = 0): Promise<MatrixPhone> {
    const { baseUrl, accounts } = this.file.networks.matrix;
    return MatrixPhone.dial(baseUrl, accounts[index]?.native ?? '', accounts[index]?.password ?? '');
  }

  /** How a Matrix account is written to from XMPP. */
  inXmpp(index = 0): string {
    return this.file.networks.xmpp.ghostOf[this.file.networks.matrix.accounts[index]?.address ?? ''] ?? '';
  }

  inMatrix(index = 0): string {
    return this.file.networks.matrix.ghostOf[this.file.networks.xmpp.accounts[index]?.address ?? ''] ?? '';
  }

  secrets(): Secrets {
    return JSON.parse(readFileSync(join(this.folder, 'secrets.json'), 'utf8')) as Secrets;
  }

  /** A transaction, as the homeserver would push it: again, while the adapter cannot take it. */
  async push(
    txn: string,
    body: string | Uint8Array,
    token = this.secrets().hsToken,
  ): Promise<{ status: number; errcode?: string }> {
    const registration = readFileSync(join(this.folder, 'matrix-registration.yaml'), 'utf8');
    const url = /^url: (\S+)$/m.exec(registration)?.[1] ?? '';
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const put = () =>
      fetch(`${url}/_matrix/app/v1/transactions/${txn}`, { method: 'PUT', headers, body: body as string });
    let response = await put();
    await until(`the adapter to take ${txn}`, async () => {
      if (response.status === 503) response = await put();
      return response.status !== 503;
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  /** Announces a transaction of so many bytes and waits for the answer, as a client does that does not push on. */
  announce(bytes: number): Promise<number> {
    const registration = readFileSync(join(this.folder, 'matrix-registration.yaml'), 'utf8');
    const url = /^url: (\S+)$/m.exec(registration)?.[1] ?? '';
    const headers = {
      authorization: `Bearer ${this.secrets().hsToken}`,
      'content-type': 'application/json',
      'content-length': String(bytes),
    };
    return new Promise((resolve, reject) => {
      const sending = request(
        `${url}/_matrix/app/v1/transactions/too-large`,
        { method: 'PUT', headers },
        (response) => {
          resolve(response.statusCode ?? 0);
          sending.destroy();
        },
      );
      sending.on('error', reject);
      sending.flushHeaders();
    });
  }

  async console<T>(
    method: string,
    path: string,
    body?: object,
    key = this.file.console.adminKey,
  ): Promise<{ status: number; body: T }> {
    const response = await fetch(this.file.console.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }
}
