/** Indexes of the trace with a number of 8 bytes in place of texts and without ids: a quarter of the size, which every message writes. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ACCEPTED = "WHERE stage = 'accepted' AND kind = 'message'";
const FAILED = "WHERE stage = 'failed'";
const NUMBER = (column: string) => `hashtextextended(${column}, 0)`;
const NETWORK = (side: string) => `split_part(${side}_address, '@', 2)`;
const HASH = (side: string) => `md5(${side}_address)`;

/** name: [columns before the time, what they were before, which rows] */
const INDEXES: Record<string, [now: string[], before: string[], rows: string]> = {
  checkpoint_accepted: [[], [], ACCEPTED],
  checkpoint_from: [[NUMBER('from_address')], [HASH('from')], ACCEPTED],
  checkpoint_to: [[NUMBER('to_address')], [HASH('to')], ACCEPTED],
  checkpoint_conversation: [[NUMBER('conversation')], ['conversation'], ACCEPTED],
  checkpoint_from_network: [[NETWORK('from')], [NETWORK('from')], ACCEPTED],
  checkpoint_to_network: [[NETWORK('to')], [NETWORK('to')], ACCEPTED],
  checkpoint_stored: [[], [], "WHERE stage = 'stored'"],
  checkpoint_failed: [[], [], FAILED],
  checkpoint_failed_code: [['code'], ['code'], FAILED],
  checkpoint_failed_from: [[NUMBER('from_address')], [HASH('from')], FAILED],
  checkpoint_failed_to: [[NUMBER('to_address')], [HASH('to')], FAILED],
  checkpoint_failed_from_network: [[NETWORK('from')], [NETWORK('from')], FAILED],
  checkpoint_failed_to_network: [[NETWORK('to')], [NETWORK('to')], FAILED],
};

export class CompactTrace1764630000000 implements MigrationInterface {
  readonly name = 'CompactTrace1764630000000';

  async up(runner: QueryRunner): Promise<void> {
    await makeAgain(runner, ([now, , rows]) => `(${[...now, 'at'].join(', ')}) ${rows}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await makeAgain(runner, ([, before, rows]) => `(${[...before, 'at', 'id'].join(', ')}) ${rows}`);
  }
}

/** Takes about a minute for 5 million messages, in which the trace can be neither read nor written. */
async function makeAgain(
  runner: QueryRunner,
  definition: (of: (typeof INDEXES)[string]) => string,
): Promise<void> {
  await runner.query(`DROP INDEX ${Object.keys(INDEXES).join(', ')}`);
  for (const [name, columns] of Object.entries(INDEXES))
    await runner.query(`CREATE INDEX ${name} ON checkpoint ${definition(columns)}`);
}
