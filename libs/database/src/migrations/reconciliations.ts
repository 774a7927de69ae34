/** Members' own records compared with the records of a closed business day. The own records themselves are not kept. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Reconciliations1764620000000 implements MigrationInterface {
  readonly name = 'Reconciliations1764620000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reconciliation (
        id uuid PRIMARY KEY, date date NOT NULL REFERENCES business_day (date), network text NOT NULL REFERENCES network (slug),
        key uuid NOT NULL, at timestamptz NOT NULL, own int NOT NULL, billed int NOT NULL, same int NOT NULL, counts jsonb NOT NULL);
      CREATE INDEX reconciliation_network ON reconciliation (network, date, at, id);
      COMMENT ON COLUMN reconciliation.counts IS 'all differences by kind, also those that are not listed';

      CREATE TABLE reconciliation_difference (
        reconciliation uuid NOT NULL REFERENCES reconciliation (id) ON DELETE CASCADE, n int NOT NULL,
        kind text NOT NULL CHECK (kind IN ('only-own', 'only-billed', 'other-value', 'repeated')),
        reference text NOT NULL, to_network text NOT NULL, field text, own text, billed text,
        PRIMARY KEY (reconciliation, n));
      CREATE INDEX dispute_record ON dispute (reference, to_network);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX dispute_record;
      DROP TABLE reconciliation_difference, reconciliation;`);
  }
}
