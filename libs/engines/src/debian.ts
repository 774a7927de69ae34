/**
 * Unpacks Debian packages without installing them and without root. A private apt reads the signed index of the suite; each
 * package is downloaded, checked against the SHA-256 in the index, and unpacked into a prefix. A prefix is built in a
 * temporary folder and renamed when it is complete, so an incomplete one is never used.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache.js';
import { EngineError, type Say } from './engine.js';

const run = promisify(execFile);
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const DEFAULT_MIRROR = 'http://deb.debian.org/debian';
const PARALLEL = 8;

export interface Prefix {
  root: string;
  /** Name -> version of the unpacked packages. */
  versions: Record<string, string>;
}

interface PackageFile {
  url: string;
  file: string;
  sha256: string;
}

export interface PrefixRequest {
  name: string;
  suite: string;
  packages: string[];
  /** Dependencies that are not needed in a prefix (init scripts, user management ...). */
  without?: RegExp;
  /** Without dependencies: for a static program. */
  alone?: boolean;
  /** Fetch only packages that the host has not installed. The suite must be the host's own. */
  onHost?: boolean;
}

/** Why this machine cannot use Debian packages; undefined if it can. */
export function debianObstacle(): string | undefined {
  if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`;
  for (const tool of ['/usr/bin/apt-get', '/usr/bin/dpkg-deb', KEYRING])
    if (!existsSync(tool)) return `${tool} is missing (not a Debian machine?)`;
  return undefined;
}

/** For packages that run with the libraries of the host. */
export function hostRelease(): string {
  const file = '/etc/os-release';
  const name = existsSync(file)
    ? /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync(file, 'utf8'))?.[1]
    : undefined;
  if (!name) throw new EngineError('the Debian release of this machine is not known');
  return name;
}

export async function debianPrefix(request: PrefixRequest, say: Say): Promise<Prefix> {
  const root = join(cacheFolder(), request.name);
  const manifest = join(root, '.hutong.json');
  if (existsSync(manifest))
    return { root, versions: JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string> };
  const obstacle = debianObstacle();
  if (obstacle) throw new EngineError(obstacle);

  const work = `${root}.${process.pid}.part`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    say(`${request.name}: reading Debian's ${request.suite} index`);
    const files = await listPackages(request, join(work, 'apt'));
    say(`${request.name}: downloading ${files.length} packages`);
    await fetchAll(files, join(work, 'debs'), (done, bytes) =>
      say(`${request.name}: ${done} of ${files.length} packages, ${(bytes / 1e6).toFixed(0)} MB`),
    );
    say(`${request.name}: unpacking`);
    await unpackAll(files, join(work, 'debs'), join(work, 'root'));
    const versions = Object.fromEntries(
      files.map(({ file }) => [file.split('_')[0], decodeURIComponent(file.split('_')[1] ?? '')]),
    );
    writeFileSync(join(work, 'root', '.hutong.json'), JSON.stringify(versions));
    rmSync(root, { recursive: true, force: true });
    renameSync(join(work, 'root'), root);
    return { root, versions };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The mirror that apt of this machine uses. */
function mirror(): string {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : []),
  ];
  for (const file of files.filter((path) => existsSync(path))) {
    const found = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s*)?)(https?:\/\/\S*\/debian)\/?(?:\s|$)/m.exec(
      readFileSync(file, 'utf8'),
    );
    if (found?.[1]) return found[1];
  }
  return DEFAULT_MIRROR;
}

async function listPackages(request: PrefixRequest, folder: string): Promise<PackageFile[]> {
  for (const sub of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, sub), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(
    join(folder, 'sources.list'),
    `deb [signed-by=${KEYRING}] ${mirror()} ${request.suite} main\n`,
  );
  const config = join(folder, 'apt.conf');
  writeFileSync(
    config,
    [
      `Dir::Etc::sourcelist "${folder}/sources.list";`,
      'Dir::Etc::sourceparts "/dev/null";',
      'Dir::Etc::preferencesparts "/dev/null";',
      `Dir::State "${folder}";`,
      `Dir::State::Lists "${folder}/lists";`,
      `Dir::State::status "${request.onHost ? '/var/lib/dpkg/status' : join(folder, 'status')}";`,
      `Dir::Cache "${folder}/cache";`,
      'APT::Sandbox::User "";',
      'Acquire::Languages "none";',
      'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";',
      'Acquire::Retries "3";',
    ].join('\n'),
  );
  const env = { ...process.env, APT_CONFIG: config, LC_ALL: 'C' };
  await run('apt-get', ['update', '-qq'], { env });
  const command = request.alone
    ? ['download', '--print-uris']
    : ['install', '-y', '--no-install-recommends', '--print-uris'];
  const { stdout } = await run(
    'apt-get',
    [...command, '-o', 'Acquire::ForceHash=SHA256', ...request.packages],
    { env, maxBuffer: 1 << 24 },
  );
  const lines = stdout.split('\n').filter((line) => line.startsWith("'"));
  const files = lines.map(parseUri).filter(({ file }) => !request.without?.test(file));
  if (files.length === 0)
    throw new EngineError(`Debian ${request.suite} has no ${request.packages.join(', ')}`);
  return files;
}

function parseUri(line: string): PackageFile {
  const match = /^'([^']+)' (\S+) \d+ SHA256:([0-9a-f]{64})$/.exec(line.trim());
  if (!match?.[1] || !match[2] || !match[3])
    throw new EngineError(`the package index gives no SHA-256: ${line}`);
  return { url: match[1], file: match[2], sha256: match[3] };
}

/** Interval of progress messages, ms. */
const TELL_MS = 5000;

/** @param progress packages and bytes so far */
async function fetchAll(
  files: PackageFile[],
  folder: string,
  progress: (done: number, bytes: number) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const left = [...files];
  let [done, bytes, told] = [0, 0, Date.now()];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      bytes += await fetchOne(next, folder);
      done++;
      if (Date.now() - told < TELL_MS && done < files.length) continue;
      told = Date.now();
      progress(done, bytes);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

/** @returns its size in bytes */
async function fetchOne({ url, file, sha256 }: PackageFile, folder: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
      if (!response.ok) throw new EngineError(`HTTP ${response.status} for ${file}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      if (createHash('sha256').update(bytes).digest('hex') !== sha256)
        throw new EngineError(`${file} does not match its checksum`);
      writeFileSync(join(folder, file), bytes);
      return bytes.length;
    } catch (error) {
      if (attempt >= 3) throw new EngineError(`could not download ${file}: ${(error as Error).message}`);
    }
  }
}

const UNPACK =
  'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink --no-same-owner --exclude="./usr/share/doc/*" --exclude="./usr/share/man/*" --exclude="./usr/share/locale/*"';

async function unpackAll(files: PackageFile[], debs: string, root: string): Promise<void> {
  mkdirSync(root, { recursive: true });
  const unpack = ({ file }: PackageFile) =>
    run('bash', ['-o', 'pipefail', '-c', UNPACK, '_', join(debs, file), root]);
  // base-files first and alone: its link /lib -> usr/lib must exist before packages are unpacked through it.
  const isBase = ({ file }: PackageFile) => file.startsWith('base-files_');
  for (const base of files.filter(isBase)) await unpack(base);
  const left = files.filter((file) => !isBase(file));
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) await unpack(next);
  };
  await Promise.all([worker(), worker()]);
}
