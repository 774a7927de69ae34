/** Everything secret of a standalone installation, made once and kept in the data folder, readable to its owner alone. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusAuthority, type AuthoritySeeds } from '#bus';

export interface Secrets {
  adminKey: string;
  busSeeds: AuthoritySeeds;
  componentSecret: string;
  asToken: string;
  hsToken: string;
  registrationSecret: string;
  passwords: Record<string, string>;
}

export function loadSecrets(folder: string, accounts: string[]): Secrets {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const secret = () => randomBytes(24).toString('base64url');
  const secrets: Secrets = {
    adminKey: `hk_${randomBytes(32).toString('base64url')}`,
    busSeeds: BusAuthority.create().seeds,
    componentSecret: secret(),
    asToken: secret(),
    hsToken: secret(),
    registrationSecret: secret(),
    passwords: Object.fromEntries(accounts.map((account) => [account, randomBytes(6).toString('hex')])),
  };
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

export function writeSecretFile(folder: string, name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}
