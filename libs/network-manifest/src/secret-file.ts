/** Files with secrets in the data folder, readable to their owner alone. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function writeSecretFile(folder: string, name: string, content: string): string {
  const file = join(folder, name);
  writeDurably(file, content);
  return file;
}

/** Writes the file completely or not at all, also in a power cut: without its seeds nobody can connect to the bus, although its data are complete. */
export function writeDurably(file: string, content: string): void {
  const part = `${file}.part`;
  writeFileSync(part, content, { mode: 0o600, flush: true });
  renameSync(part, file);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
