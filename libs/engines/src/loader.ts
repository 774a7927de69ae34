/** Programs of a prefix run with the prefix's own dynamic loader and C library, whatever the host's are. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from './engine.js';

export function libraryFolder(root: string): string {
  const base = join(root, 'usr', 'lib');
  const triplet = readdirSync(base).find((name) => name.endsWith('-linux-gnu'));
  if (!triplet) throw new EngineError(`${root} holds no libraries`);
  return join(base, triplet);
}

export function loader(root: string): string {
  const libraries = libraryFolder(root);
  for (const folder of [libraries, join(root, 'usr', 'lib64'), join(root, 'usr', 'lib')]) {
    const name = existsSync(folder)
      ? readdirSync(folder).find((file) => /^ld-linux-.*\.so\.\d+$/.test(file))
      : undefined;
    if (name) return join(folder, name);
  }
  throw new EngineError(`${root} holds no dynamic loader`);
}
