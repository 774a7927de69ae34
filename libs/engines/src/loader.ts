/** Runs programs of a prefix with the dynamic loader and C library of the prefix, independent of the host's. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EngineError } from './engine.js';

export function libraryFolder(root: string): string {
  const base = join(root, 'usr', 'lib');
  const triplet = readdirSync(base).find((name) => name.endsWith('-linux-gnu'));
  if (!triplet) throw new EngineError(`${root} holds no libraries`);
  return join(base, triplet);
}

/** For `--library-path`. */
export function libraryPath(root: string): string {
  const inUsr = libraryFolder(root);
  return [inUsr, join(root, 'lib', basename(inUsr))].filter((folder) => existsSync(folder)).join(':');
}

export function loader(root: string): string {
  const libraries = libraryFolder(root);
  // Debian before its /usr merge (bookworm) has the C library outside /usr.
  const folders = [libraries, join(root, 'usr', 'lib64'), join(root, 'usr', 'lib'), join(root, 'lib64')];
  for (const folder of folders) {
    const name = existsSync(folder)
      ? readdirSync(folder).find((file) => /^ld-linux-.*\.so\.\d+$/.test(file))
      : undefined;
    if (name) return join(folder, name);
  }
  throw new EngineError(`${root} holds no dynamic loader`);
}
