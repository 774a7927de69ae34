/** All secrets of a standalone installation. They are made once and kept in the data folder, readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusAuthority, type AuthoritySeeds } from '#bus/bus-authority';
import { writeDurably, type InstallationSecrets } from '#network-manifest';

export interface SecretsFile {
  adminKey: string;
  /** Changes of money or routes need two admins. */
  secondAdminKey: string;
  busSeeds: AuthoritySeeds;
  componentSecret: string;
  asToken: string;
  hsToken: string;
  registrationSecret: string;
  encryptionKey: string;
  aesKey: string;
  /** By the name of what uses it: an account, an official account, a network of the open interface. */
  passwords: Record<string, string>;
}

export class Secrets implements InstallationSecrets {
  private constructor(
    private readonly file: string,
    private readonly kept: SecretsFile,
  ) {}

  static in(folder: string): Secrets {
    const file = join(folder, 'secrets.json');
    const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<SecretsFile>) : {};
    const secret = () => randomBytes(24).toString('base64url');
    const secrets = new Secrets(file, {
      adminKey: `hk_${randomBytes(32).toString('base64url')}`,
      secondAdminKey: `hk_${randomBytes(32).toString('base64url')}`,
      busSeeds: before.busSeeds ?? BusAuthority.create().seeds,
      componentSecret: secret(),
      asToken: secret(),
      hsToken: secret(),
      registrationSecret: secret(),
      encryptionKey: randomBytes(32).toString('hex'),
      // 43 letters and digits: base64 of 32 bytes, in which not all bits of the last character can be chosen.
      aesKey: `${randomBytes(64)
        .toString('base64')
        .replace(/[^A-Za-z0-9]/g, '')
        .slice(0, 42)}A`,
      passwords: {},
      ...before,
    });
    secrets.save();
    return secrets;
  }

  get adminKey(): string {
    return this.kept.adminKey;
  }
  get secondAdminKey(): string {
    return this.kept.secondAdminKey;
  }
  get busSeeds(): AuthoritySeeds {
    return this.kept.busSeeds;
  }
  get component(): string {
    return this.kept.componentSecret;
  }
  get asToken(): string {
    return this.kept.asToken;
  }
  get hsToken(): string {
    return this.kept.hsToken;
  }
  get registration(): string {
    return this.kept.registrationSecret;
  }
  /** For secrets in the database. */
  get encryptionKey(): string {
    return this.kept.encryptionKey;
  }
  get aesKey(): string {
    return this.kept.aesKey;
  }

  /** Secrets short enough to type. */
  passwordOf(who: string): string {
    return this.made(who, 6);
  }

  /** Secrets for machines. */
  keyOf(network: string): string {
    return this.made(`key of ${network}`, 24);
  }

  private made(name: string, bytes: number): string {
    const known = this.kept.passwords[name];
    if (known !== undefined) return known;
    const fresh = randomBytes(bytes).toString('hex');
    this.kept.passwords[name] = fresh;
    this.save();
    return fresh;
  }

  private save(): void {
    writeDurably(this.file, JSON.stringify(this.kept, null, 2));
  }
}
