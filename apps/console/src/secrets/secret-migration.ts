/** At start: encrypts secrets that are stored in clear or with an old key, and refuses the start if one cannot be read. */
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LOG, SettingsError, type Log } from '#service';
import { isSealed, SecretBox } from './secret-box.js';
import {
  lockSecrets,
  placeOf,
  replaceSecret,
  SEALED_TABLES,
  storedSecrets,
  type SealedTable,
} from './sealed-secrets.repository.js';

@Injectable()
export class SecretMigration implements OnApplicationBootstrap {
  constructor(
    private readonly database: DataSource,
    private readonly box: SecretBox,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** @throws SettingsError if there are secrets and no key for them */
  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction(async (manager) => {
      await lockSecrets(manager);
      for (const table of SEALED_TABLES) await this.renew(manager, table);
    });
  }

  private async renew(manager: EntityManager, table: SealedTable): Promise<void> {
    const rows = await storedSecrets(manager, table);
    const old = rows.filter(({ secret }) => !this.box.isCurrent(secret));
    if (old.length === 0) return;
    if (!this.box.hasKey)
      throw new SettingsError(
        `ENCRYPTION_KEY: missing, and the table ${table.table} has ${old.length} secrets. Set 64 hexadecimal digits (docs/security.md)`,
      );
    for (const { id, secret } of old) {
      const place = placeOf(table.table, id);
      const clear = isSealed(secret) ? this.opened(secret, place) : secret;
      await replaceSecret(manager, table, { id, secret: this.box.seal(clear, place) });
    }
    this.log.info({ table: table.table, secrets: old.length }, 'secrets encrypted with the present key');
  }

  private opened(secret: string, place: string): string {
    try {
      return this.box.open(secret, place);
    } catch (error) {
      throw new SettingsError(
        `ENCRYPTION_KEY: ${place} cannot be decrypted: ${(error as Error).message}. Add the former key behind the present one, with a comma between them`,
      );
    }
  }
}
