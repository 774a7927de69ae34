/** Index of failed detail records, for failures of a pair of networks in a time. Few records fail, so that it costs little. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FailedRecords1764580100000 implements MigrationInterface {
  readonly name = 'FailedRecords1764580100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      "CREATE INDEX detail_record_failed ON detail_record (ended_at) WHERE outcome = 'failed'",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX detail_record_failed');
  }
}
