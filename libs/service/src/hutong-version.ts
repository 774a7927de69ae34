/** The version of Hutong that this process runs. Certificates of adapters are bound to it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Reads the nearest package.json in a parent folder: sources and compiled files are at different depths. */
export function hutongVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    if (folder === dirname(folder)) throw new Error('no package.json above the program');
  }
}
