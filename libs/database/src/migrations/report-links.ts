/** Links with which anybody can open the report of one certification. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReportLinks1764550000000 implements MigrationInterface {
  readonly name = 'ReportLinks1764550000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE report_link (
        id uuid PRIMARY KEY, certification uuid NOT NULL REFERENCES certification (id), token_hash text NOT NULL UNIQUE,
        by text NOT NULL, at timestamptz NOT NULL, expires_at timestamptz NOT NULL, revoked_at timestamptz,
        opened int NOT NULL DEFAULT 0, opened_at timestamptz);
      COMMENT ON COLUMN report_link.token_hash IS 'SHA-256 of the token in the link, which is not stored';
      CREATE INDEX report_link_of_certification ON report_link (certification, at DESC, id DESC);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE report_link');
  }
}
