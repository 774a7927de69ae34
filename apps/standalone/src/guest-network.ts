/** A network that joins the running installation of this machine beside those that `npm start` runs. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isStillValid } from '#bus/credentials-file';
import { writeSecretFile } from '#network-manifest';
import { ConsoleClient } from './console-client.js';
import type { StandaloneFile } from './standalone-file.js';

const GuestSecrets = z.object({
  /** API key of the operator of the network. */
  operatorKey: z.string(),
  /** Key that the network shares with its adapter. */
  sharedKey: z.string(),
});
export type GuestSecrets = z.infer<typeof GuestSecrets>;

/** Secrets of the network, made at the first call. */
export function guestSecrets(folder: string, network: string): GuestSecrets & { file: string } {
  const name = `guest-${network}.json`;
  const file = join(folder, name);
  if (existsSync(file)) return { ...GuestSecrets.parse(JSON.parse(readFileSync(file, 'utf8'))), file };
  const random = () => randomBytes(32).toString('base64url');
  const made: GuestSecrets = { operatorKey: `hk_${random()}`, sharedKey: random() };
  writeSecretFile(folder, name, JSON.stringify(made, null, 2));
  return { ...made, file };
}

/**
 * Registers the network, adds its operator and issues bus credentials; what exists is kept.
 * @returns path of the credentials file
 */
export async function admitGuest(
  folder: string,
  { url, adminKey, secondAdminKey }: StandaloneFile['console'],
  network: string,
  { operatorKey }: GuestSecrets,
): Promise<string> {
  const admin = new ConsoleClient(url, adminKey);
  await admin.admit(network, network);
  await admin.ensureOperator(network, operatorKey, secondAdminKey);
  const operator = new ConsoleClient(url, operatorKey);
  await operator.acceptByRule();
  const name = `adapter-${network}.creds`;
  const file = join(folder, name);
  if (existsSync(file) && isStillValid(readFileSync(file, 'utf8'))) return file;
  return writeSecretFile(folder, name, await operator.replaceCredentials(network));
}
