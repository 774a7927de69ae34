/**
 * A data folder of PostgreSQL with a migrated database. `initdb` and the migrations take 1.5 s of CPU time; a copy of their result
 * takes 0.05 s. It is made once for each version of the server and of the migrations, and kept beside the downloaded engines.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '#database';
import { cacheFolder, findPostgres, freePort, postgres, postgresUrl, required } from '#engines';

const run = promisify(execFile);
const PREFIX = 'postgres-template-';
const UNUSED_MS = 7 * 24 * 3600_000;

/** @param place the folder of a server that was never started, as `postgres` takes it, or what names it for a version */
export async function copyPostgresTemplate(place: string | ((version: string) => string)): Promise<void> {
  const { version, paths } = required(
    'PostgreSQL',
    findPostgres(() => undefined),
  );
  const folder = typeof place === 'string' ? place : place(version);
  const template = join(cacheFolder(), `${PREFIX}${fingerprint(version, paths.bin)}`);
  if (!existsSync(template)) await make(template, paths.bin);
  const now = new Date();
  utimesSync(template, now, now);
  mkdirSync(folder, { recursive: true });
  await copy(join(template, 'data'), folder);
}

/** Of all that decides what the data folder contains. */
function fingerprint(version: string, bin: string): string {
  const hash = createHash('sha256').update(`${version} ${bin}`);
  const migrations = join('libs', 'database', 'src', 'migrations');
  const files = readdirSync(migrations).map((file) => join(migrations, file));
  for (const file of [join('libs', 'engines', 'src', 'postgres.ts'), ...files.sort()])
    hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

async function make(template: string, bin: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-template-'));
  const port = await freePort();
  const server = postgres({ bin, folder, port, unsafeForTests: true });
  await server.start();
  try {
    const database = await openDatabase(postgresUrl(port, 'hutong'));
    await database.destroy();
  } finally {
    await server.stop();
  }
  const part = `${template}.${process.pid}.part`;
  mkdirSync(part);
  await copy(join(folder, 'data'), part);
  rmSync(folder, { recursive: true });
  try {
    renameSync(part, template);
  } catch (error) {
    // Another worker was faster.
    rmSync(part, { recursive: true });
    if (!existsSync(template)) throw error;
  }
  removeUnused();
}

/** Keeps owner and permissions, with which the server insists on its folder. */
async function copy(data: string, into: string): Promise<void> {
  await run('cp', ['-a', data, into]);
}

function removeUnused(): void {
  for (const name of readdirSync(cacheFolder()).filter((file) => file.startsWith(PREFIX))) {
    const path = join(cacheFolder(), name);
    const used = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - used > UNUSED_MS) rmSync(path, { recursive: true, force: true });
  }
}
