/** SIPp from PATH or from Debian's packages: plays scenarios of SIP, as many at once as it is told. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listens } from './child.js';
import { debianPrefix } from './debian.js';
import { EngineError, type Say, type Search } from './engine.js';
import { libraryPath, loader } from './loader.js';
import { versionOf, which } from './which.js';

/** A program and the words before its own arguments. */
export interface SippPaths {
  command: readonly [program: string, ...before: string[]];
}

/** Dependencies that are not needed in a prefix. */
const USELESS =
  /^(perl|perl-base|perl-modules.*|libperl.*|adduser|passwd|debconf|dpkg|tar|usrmerge|init-system-helpers|login.*|gcc-.*-base|dbus.*|systemd.*)_/;

export async function findSipp(say: Say): Promise<Search<SippPaths>> {
  const onPath = which('sipp');
  if (onPath)
    return {
      kind: 'found',
      from: 'path',
      version: versionOf(onPath, '-v') ?? '?',
      paths: { command: [onPath] },
    };
  try {
    const { root, versions } = await debianPrefix(
      { name: 'sip-tester', suite: 'bookworm', packages: ['sip-tester'], without: USELESS },
      say,
    );
    const program = join(root, 'usr', 'bin', 'sipp');
    return {
      kind: 'found',
      from: 'download',
      version: versions['sip-tester'] ?? '?',
      paths: { command: [loader(root), '--library-path', libraryPath(root), program] },
    };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy: 'Install sip-tester, or use a Debian machine.',
    };
  }
}

export interface SippOptions {
  command: SippPaths['command'];
  /** For the scenario, its rows and what it writes; made if it is missing. */
  folder: string;
  /** In the XML of SIPp. */
  scenario: string;
  /** Where the scenario connects; absent: it only waits for requests. */
  target?: { host: string; port: number };
  /** Own port on the loopback interface. */
  port: number;
  transport?: 'udp' | 'tcp';
  /** How often the scenario is played. */
  calls: number;
  /** New calls in a second. */
  rate?: number;
  /** Calls at once, at most. */
  limit?: number;
  /** Values of the fields `[field0]`, `[field1]` ... for each call, in turn. */
  rows?: readonly (readonly string[])[];
  /** Replaces `[name]` in the scenario. */
  keys?: Readonly<Record<string, string>>;
  /** User and password for `[authentication]`. */
  login?: { user: string; password: string };
  /** After which it is ended as failed, s. */
  timeout?: number;
}

export interface SippResult {
  /** 0: every call went as the scenario says. */
  code: number;
  /** What it did not expect, as it says so. */
  errors: string;
  /** What the scenario logs with `<log>`. */
  logs: string;
}

export interface SippRun {
  /** Resolves when all calls are over. */
  readonly result: Promise<SippResult>;
  /** Resolves when its port accepts connections. Datagrams that come before are sent again by whoever sent them. @throws EngineError */
  ready(): Promise<void>;
  /** Ends it before. */
  stop(): void;
}

/** Starts it; it ends after the given number of calls. */
export function sipp(options: SippOptions): SippRun {
  const { command, folder } = options;
  mkdirSync(folder, { recursive: true });
  const [program, ...before] = command;
  const child = spawn(program, [...before, ...argumentsOf(options)], {
    cwd: folder,
    // It draws a screen for a person.
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TERM: 'dumb' },
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = `${words}${chunk.toString()}`.slice(-10_000)));
  const result = new Promise<SippResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const ended = signal === null ? '' : `ended by ${signal}`;
      // What it prints is progress, unless it fails.
      const said = code === 0 ? [] : [ended, words.trim()];
      const errors = [...said, unexpected(written(folder, 'errors.log'))].filter(Boolean).join('\n');
      resolve({ code: code ?? 1, errors, logs: written(folder, 'logs.log') });
    });
  });
  return {
    result,
    ready: async () => {
      while (!(await listens(options.port))) {
        if (child.exitCode !== null) throw new EngineError(`sipp ended at once: ${words}`);
        await sleep(20);
      }
    },
    stop: () => {
      child.kill('SIGKILL');
    },
  };
}

function argumentsOf(options: SippOptions): string[] {
  const { folder, scenario, target, port, transport = 'udp', calls, rate, limit, rows, keys = {} } = options;
  const { login, timeout = 60 } = options;
  writeFileSync(join(folder, 'scenario.xml'), scenario);
  if (rows) {
    const lines = ['SEQUENTIAL', ...rows.map((fields) => `${fields.join(';')};`), ''];
    writeFileSync(join(folder, 'rows.csv'), lines.join('\n'));
  }
  const address = target ? [`${target.host}:${target.port}`] : [];
  return [
    ...address,
    ...given('-sf', 'scenario.xml'),
    ...given('-i', '127.0.0.1'),
    ...given('-p', port),
    ...given('-m', calls),
    // One socket for all calls.
    ...given('-t', transport === 'udp' ? 'u1' : 't1'),
    ...given('-r', rate),
    ...given('-l', limit),
    ...given('-inf', rows && 'rows.csv'),
    ...Object.entries(keys).flatMap(([key, value]) => ['-key', key, value]),
    ...given('-au', login?.user),
    ...given('-ap', login?.password),
    ...given('-timeout', `${timeout}s`),
    ...given('-error_file', 'errors.log'),
    ...given('-log_file', 'logs.log'),
    '-timeout_error',
    '-nostdin',
    '-trace_err',
    '-trace_logs',
  ];
}

/**
 * COMPAT(sipp, 3.6): what comes once more counts as an error when its call is over: the second answer to a request that SIPp has
 * sent twice, and a request that the other side repeats on a busy machine before it has read SIPp's answer.
 */
function unexpected(log: string): string {
  const [head = '', ...events] = log.split(/(?=\d{4}-\d{2}-\d{2}\s)/);
  const others = events.filter((event) => !/Dead call \S+ \(successful\), received '/.test(event));
  return others.length === 0 && events.length > 0 ? '' : [head, ...others].join('').trim();
}

function given(option: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [option, String(value)];
}

function written(folder: string, name: string): string {
  return readdirSync(folder).includes(name) ? readFileSync(join(folder, name), 'utf8').trim() : '';
}
