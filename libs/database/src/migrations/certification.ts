/** What adapters have proved, and for how long it counts. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Certification1763950000000 implements MigrationInterface {
  readonly name = 'Certification1763950000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE certification (
        id uuid PRIMARY KEY, network text NOT NULL REFERENCES network (slug), build text, suite_version text NOT NULL,
        capabilities_hash text, level text CHECK (level IN ('L1', 'L2', 'L3')), passed boolean NOT NULL DEFAULT false,
        report jsonb NOT NULL, state text NOT NULL CHECK (state IN ('running', 'passed', 'failed', 'aborted')),
        at timestamptz NOT NULL, valid_until timestamptz, by text NOT NULL,
        CHECK (passed = (state = 'passed')));
      CREATE INDEX certification_of_network ON certification (network, at DESC, id DESC);
      CREATE UNIQUE INDEX certification_one_at_a_time ON certification (network) WHERE state = 'running';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE certification');
  }
}
