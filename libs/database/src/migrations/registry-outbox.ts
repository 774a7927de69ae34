/** The outbox of the registry: each entry as the bus is to hold it, written in the transaction of the change. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RegistryOutbox1764310000000 implements MigrationInterface {
  readonly name = 'RegistryOutbox1764310000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE registry_entry (
        key text PRIMARY KEY, content text NOT NULL, version bigint NOT NULL, published bigint NOT NULL DEFAULT 0);
      COMMENT ON COLUMN registry_entry.published IS 'the newest version that the bus has confirmed';
      CREATE INDEX registry_entry_unpublished ON registry_entry (version) WHERE published < version;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE registry_entry');
  }
}
