/**
 * A server process started by this process: its log goes to a file, it is ready when its probe succeeds, it is stopped with
 * SIGTERM and then SIGKILL, and it ends with this process (Linux: parent-death signal).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from './engine.js';

export interface ChildSpec {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  logFile: string;
  /** Throws, or returns false, until the process is ready. */
  ready: () => Promise<boolean>;
  readyTimeoutMs?: number;
  stopSignal?: NodeJS.Signals;
  /** Run as this unprivileged user; only root can. */
  uid?: number;
}

const SETPRIV = '/usr/bin/setpriv';
const PROBE_TIMEOUT_MS = 1000;

export class Child {
  private process: ChildProcess | undefined;
  private expected = false;

  constructor(
    readonly spec: ChildSpec,
    private readonly onCrash?: (how: string) => void,
  ) {}

  get pid(): number | undefined {
    return this.process?.pid;
  }

  get running(): boolean {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** @throws EngineError when it is running already, ends at once, or is not ready in time */
  async start(): Promise<void> {
    if (this.running) throw new EngineError(`${this.spec.name} runs already`);
    mkdirSync(dirname(this.spec.logFile), { recursive: true });
    const log = openSync(this.spec.logFile, 'a');
    const [command, args] = wrapped(this.spec);
    this.expected = false;
    // A process group of its own: Ctrl-C reaches only this process, which stops all children in order.
    const child = spawn(command, args, {
      cwd: this.spec.cwd,
      env: this.spec.env ?? process.env,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.process = child;
    child.on('exit', (code, signal) => {
      if (!this.expected && this.process === child)
        this.onCrash?.(signal ? `killed by ${signal}` : `exit ${code}`);
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) =>
        reject(new EngineError(`${this.spec.name} does not start: ${error.message}`)),
      );
    });
    await this.untilReady();
  }

  /** Kills it with SIGKILL, like a crash. */
  async crash(): Promise<void> {
    await this.end('SIGKILL', 5000);
  }

  /** For example SIGSTOP, after which it stands still until SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.process?.kill(signal);
  }

  async stop(): Promise<void> {
    await this.end(this.spec.stopSignal ?? 'SIGTERM', 15_000);
  }

  private async end(signal: NodeJS.Signals, patienceMs: number): Promise<void> {
    const child = this.process;
    if (!child || !this.running) return;
    this.expected = true;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await gone;
    clearTimeout(timer);
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + (this.spec.readyTimeoutMs ?? 60_000);
    let why = '';
    while (Date.now() < deadline) {
      if (!this.running) throw new EngineError(`${this.spec.name} ended at once: ${this.lastWords()}`);
      try {
        if (await this.spec.ready()) return;
      } catch (error) {
        why = ` (${(error as Error).message})`;
      }
      await sleep(40);
    }
    await this.stop();
    throw new EngineError(`${this.spec.name} did not become ready${why}: ${this.lastWords()}`);
  }

  private lastWords(): string {
    if (!existsSync(this.spec.logFile)) return '(no log)';
    const lines = readFileSync(this.spec.logFile, 'utf8').trimEnd().split('\n');
    return `${lines.slice(-6).join(' | ')} (log: ${this.spec.logFile})`;
  }
}

function wrapped({ command, args, uid }: ChildSpec): [string, string[]] {
  const root = process.getuid?.() === 0;
  if (!existsSync(SETPRIV)) {
    if (uid !== undefined && root)
      throw new EngineError(`${command} must not run as root, and ${SETPRIV} is missing`);
    return [command, args];
  }
  // The capability lets the unprivileged user reach a data folder below a private home; it changes no ownership.
  const drop =
    uid !== undefined && root
      ? [
          `--reuid=${uid}`,
          `--regid=${uid}`,
          '--clear-groups',
          '--inh-caps=+dac_override',
          '--ambient-caps=+dac_override',
        ]
      : [];
  return [SETPRIV, ['--pdeathsig', 'TERM', ...drop, command, ...args]];
}

/** For readiness probes, several of a second: `fetch` would take ten times the CPU time for each that is refused. */
export function answersHttp(url: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: PROBE_TIMEOUT_MS }, ({ statusCode = 0 }) => {
      request.destroy();
      resolve(statusCode >= 200 && statusCode < 300);
    });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${PROBE_TIMEOUT_MS} ms`)));
    request.once('error', reject);
  });
}

/** For readiness probes of servers without HTTP. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
