import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { execFileSync } from 'node:child_process';

/** Whether the error means that a program is missing, not executable, or ended with an error: such errors have a code or a status. */
export function didNotRun(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ('code' in error || 'status' in error);
}

export function which(program: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const candidate = join(folder, program);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch (error) {
      if (!didNotRun(error)) throw error;
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
  } catch (error) {
    if (didNotRun(error)) return undefined;
    throw error;
  }
}

/** The root of the installation of a program on PATH: `/` for `/usr/bin/x`. */
export function rootOf(program: string): string | undefined {
  const found = which(program);
  return found && resolve(found, '..', '..', '..');
}
