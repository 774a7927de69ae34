/** Index of the addresses to which numbers are ported: the page of a person looks them up. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RouteAddress1764610000000 implements MigrationInterface {
  readonly name = 'RouteAddress1764610000000';

  async up(runner: QueryRunner): Promise<void> {
    // A hash, because an address can be longer than an entry of another index.
    await runner.query('CREATE INDEX route_address ON route USING hash (address) WHERE address IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX route_address');
  }
}
