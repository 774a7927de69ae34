/** What finding among millions of messages needs: neighbours in a conversation, messages of a network, failures; saved views. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ACCEPTED = "WHERE stage = 'accepted' AND kind = 'message'";
const FAILED = "WHERE stage = 'failed'";
/** An address can be longer than an entry of an index. */
const PERSON = (side: string) => `md5(${side}_address)`;
const NETWORK = (side: string) => `split_part(${side}_address, '@', 2)`;

/** name: [first column, which rows] */
const INDEXES: Record<string, [string, string]> = {
  checkpoint_conversation: ['conversation', ACCEPTED],
  checkpoint_from_network: [NETWORK('from'), ACCEPTED],
  checkpoint_to_network: [NETWORK('to'), ACCEPTED],
  checkpoint_failed_code: ['code', FAILED],
  checkpoint_failed_from: [PERSON('from'), FAILED],
  checkpoint_failed_to: [PERSON('to'), FAILED],
  checkpoint_failed_from_network: [NETWORK('from'), FAILED],
  checkpoint_failed_to_network: [NETWORK('to'), FAILED],
};

export class Find1764595000000 implements MigrationInterface {
  readonly name = 'Find1764595000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE checkpoint ADD sent_at timestamptz;
      COMMENT ON COLUMN checkpoint.sent_at IS 'of an accepted message: time at which it was sent, by the clock of the network of its sender';
      CREATE TABLE saved_view (
        id uuid PRIMARY KEY, person_id uuid NOT NULL REFERENCES person (id), path text NOT NULL, name text NOT NULL,
        search jsonb NOT NULL, created_at timestamptz NOT NULL, UNIQUE (person_id, path, name));
      COMMENT ON TABLE saved_view IS 'Filters of a page of the web console that a person has given a name; the API bounds their number';
    `);
    for (const [name, [first, rows]] of Object.entries(INDEXES))
      await runner.query(`CREATE INDEX ${name} ON checkpoint (${first}, at, id) ${rows}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE saved_view;
      DROP INDEX ${Object.keys(INDEXES).join(', ')};
      ALTER TABLE checkpoint DROP sent_at;`);
  }
}
