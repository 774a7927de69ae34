/** Indexes of the trace for the search of messages by person, time and failure. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TraceSearch1764570000000 implements MigrationInterface {
  readonly name = 'TraceSearch1764570000000';

  async up(runner: QueryRunner): Promise<void> {
    // An address can be longer than an entry of an index.
    await runner.query(`
      CREATE INDEX checkpoint_accepted ON checkpoint (at, id) WHERE stage = 'accepted' AND kind = 'message';
      CREATE INDEX checkpoint_from ON checkpoint (md5(from_address), at, id) WHERE stage = 'accepted' AND kind = 'message';
      CREATE INDEX checkpoint_to ON checkpoint (md5(to_address), at, id) WHERE stage = 'accepted' AND kind = 'message';
      CREATE INDEX checkpoint_failed ON checkpoint (at, id) WHERE stage = 'failed';
      CREATE INDEX checkpoint_stored ON checkpoint (at, id) WHERE stage = 'stored';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX checkpoint_accepted, checkpoint_from, checkpoint_to, checkpoint_failed, checkpoint_stored',
    );
  }
}
