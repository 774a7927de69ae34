/** The key that signs checkpoints of the audit log: from a file, which the console makes at its first start. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { SettingsError } from '#service';
import { privateKeyFrom } from './checkpoint.js';

/** @throws SettingsError when the file is no Ed25519 key, or can be neither read nor made */
export function signingKeyIn(file: string): KeyObject {
  try {
    makeUnlessThere(file);
    return privateKeyFrom(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SettingsError(
      `AUDIT_SIGNING_KEY: ${file} can be neither read nor made as an Ed25519 key in PEM: ${(error as Error).message}`,
    );
  }
}

/** Several consoles may start at once: one makes the file, the others read it. */
function makeUnlessThere(file: string): void {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
  try {
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    // In a folder that cannot be written the file may be there all the same.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' && !existsSync(file)) throw error;
  }
}
