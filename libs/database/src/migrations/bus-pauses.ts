/** Networks that are kept off the bus for a while, because they flooded it. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class BusPauses1764430000000 implements MigrationInterface {
  readonly name = 'BusPauses1764430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bus_pause (
        network text PRIMARY KEY REFERENCES network (slug), paused_at timestamptz NOT NULL, until timestamptz NOT NULL,
        times int NOT NULL, reason text NOT NULL);
      COMMENT ON COLUMN bus_pause.times IS 'pauses in a row, each twice as long as the one before; a day without one starts anew';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bus_pause;');
  }
}
