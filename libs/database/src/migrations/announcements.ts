/** What the operators of a network must know: steps against it, requests for its confirmation, its money. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Announcements1764400000000 implements MigrationInterface {
  readonly name = 'Announcements1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE announcement (
        id uuid PRIMARY KEY, network text NOT NULL REFERENCES network (slug), kind text NOT NULL, subject text NOT NULL,
        words text NOT NULL, at timestamptz NOT NULL, read_at timestamptz, read_by uuid);
      COMMENT ON COLUMN announcement.subject IS '<what>/<id>, as in the audit log';
      CREATE INDEX announcement_network ON announcement (network, at, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE announcement;');
  }
}
