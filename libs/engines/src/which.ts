import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { execFileSync } from 'node:child_process';

export function which(program: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const candidate = join(folder, program);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** The first version number that the program prints, or undefined. */
export function versionOf(program: string, ...args: string[]): string | undefined {
  try {
    return /(\d+\.\d+(?:\.\d+)?)/.exec(
      execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    )?.[1];
  } catch {
    return undefined;
  }
}

/** The tree that a program on PATH was installed into: `/` for `/usr/bin/x`. */
export function rootOf(program: string): string | undefined {
  const found = which(program);
  return found && resolve(found, '..', '..', '..');
}
