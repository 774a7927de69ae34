/** Key that signs checkpoints of the audit log, from a file that the console creates at its first start. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { SettingsError } from '#service';
import { privateKeyFrom } from './checkpoint.js';

/** @throws SettingsError if the file is no Ed25519 key, or can be neither read nor created */
export function signingKeyIn(file: string): KeyObject {
  try {
    makeUnlessThere(file);
    return privateKeyFrom(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SettingsError(
      `AUDIT_SIGNING_KEY: ${file} cannot be read or created as an Ed25519 key in PEM: ${(error as Error).message}`,
    );
  }
}

/** If several consoles start at the same time, one creates the file and the others read it. */
function makeUnlessThere(file: string): void {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
  try {
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    // The folder can be read-only and contain the file.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' && !existsSync(file)) throw error;
  }
}
