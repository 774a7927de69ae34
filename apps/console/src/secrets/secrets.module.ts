/** Encryption of the secrets in the database. */
import { Module } from '@nestjs/common';
import { SETTINGS } from '#service';
import type { ConsoleSettings } from '../console.config.js';
import { SecretBox } from './secret-box.js';
import { SecretMigration } from './secret-migration.js';

@Module({
  providers: [
    SecretMigration,
    {
      provide: SecretBox,
      inject: [SETTINGS],
      useFactory: ({ ENCRYPTION_KEY: keys = [] }: ConsoleSettings) => new SecretBox(keys),
    },
  ],
  exports: [SecretBox],
})
export class SecretsModule {}
