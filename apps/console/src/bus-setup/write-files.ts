import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AuthoritySeeds } from '#bus';
import { SEEDS_FILE } from './bus-files.js';

/** @param owner owner of the folders of the apps; the folder of nats-server belongs to the current user */
export function writeFiles(
  folder: string,
  files: Record<string, string>,
  owner: { uid: number; gid: number } | undefined,
): string[] {
  return Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    // Also if the folder exists, such as a mounted volume.
    chmodSync(dirname(path), 0o700);
    writeFileSync(path, content, { mode: 0o600, flag: 'wx', flush: true });
    if (owner && !name.startsWith('nats/'))
      for (const one of [dirname(path), path]) chownSync(one, owner.uid, owner.gid);
    return path;
  });
}

/** @returns the files that an earlier run has written */
export function alreadyThere(folder: string, files: Record<string, string>): string[] {
  return Object.keys(files)
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path));
}

/** @returns the seeds of an earlier run */
export function seedsIn(folder: string): AuthoritySeeds | undefined {
  const path = join(folder, SEEDS_FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as AuthoritySeeds) : undefined;
}
