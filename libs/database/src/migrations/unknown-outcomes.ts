/** Detail records whose outcome stays unknown: the network of the recipient reported nothing within its time limit. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UnknownOutcomes1764540000000 implements MigrationInterface {
  readonly name = 'UnknownOutcomes1764540000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE detail_record DROP CONSTRAINT detail_record_outcome_check,
        ADD CONSTRAINT detail_record_outcome_check CHECK (outcome IN ('delivered', 'failed', 'unknown'));`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE detail_record SET outcome = 'failed' WHERE outcome = 'unknown';
      ALTER TABLE detail_record DROP CONSTRAINT detail_record_outcome_check,
        ADD CONSTRAINT detail_record_outcome_check CHECK (outcome IN ('delivered', 'failed'));`);
  }
}
