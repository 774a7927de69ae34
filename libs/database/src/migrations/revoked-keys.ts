/** A revoked key is remembered: whose it was still says who may approve what. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RevokedKeys1764300000000 implements MigrationInterface {
  readonly name = 'RevokedKeys1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE api_key ADD COLUMN revoked_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM api_key WHERE revoked_at IS NOT NULL');
    await runner.query('ALTER TABLE api_key DROP COLUMN revoked_at');
  }
}
