/** Who complained, what admins decided about it, limited pairs, and to whom the messages of a network were sent on. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RivalComplaints1764520000000 implements MigrationInterface {
  readonly name = 'RivalComplaints1764520000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE abuse_report ADD complainant text, ADD outcome text CHECK (outcome IN ('lifted', 'dismissed')),
        ADD decided_at timestamptz, ADD CHECK ((outcome IS NULL) = (decided_at IS NULL));
      COMMENT ON COLUMN abuse_report.complainant IS 'who received the message, as the trace says; null: no such message was delivered';
      COMMENT ON COLUMN abuse_report.outcome IS 'decided by two admins; null: it counts';
      CREATE INDEX abuse_report_reference ON abuse_report (reporter_network, reference);

      CREATE TABLE pair_limit (
        network text NOT NULL REFERENCES network (slug), towards text NOT NULL, since timestamptz NOT NULL,
        PRIMARY KEY (network, towards));
      COMMENT ON TABLE pair_limit IS 'messages of a network that are limited towards another, because its people complained';

      ALTER TABLE network_risk DROP delivered, DROP complaints, DROP late, DROP unproven, DROP judged_at;

      -- Counted anew from the trace, by destination.
      DELETE FROM delivered_tally;
      DELETE FROM setting WHERE key = 'delivered_counted_up_to';
      ALTER TABLE delivered_tally ADD towards text NOT NULL, DROP CONSTRAINT delivered_tally_pkey,
        ADD PRIMARY KEY (network, towards, hour);
      COMMENT ON TABLE delivered_tally IS 'messages of a network that the switch sent on to another, by hour, counted off the trace';
      -- Levels that one network alone may have brought about: they are judged anew.
      UPDATE network SET risk = 'normal' WHERE risk <> 'normal';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM delivered_tally;
      DELETE FROM setting WHERE key = 'delivered_counted_up_to';
      ALTER TABLE delivered_tally DROP CONSTRAINT delivered_tally_pkey, DROP towards, ADD PRIMARY KEY (network, hour);
      ALTER TABLE network_risk ADD delivered bigint NOT NULL DEFAULT 0, ADD complaints int NOT NULL DEFAULT 0,
        ADD late int NOT NULL DEFAULT 0, ADD unproven int NOT NULL DEFAULT 0, ADD judged_at timestamptz NOT NULL DEFAULT now();
      DROP TABLE pair_limit;
      ALTER TABLE abuse_report DROP complainant, DROP outcome, DROP decided_at;
      DROP INDEX IF EXISTS abuse_report_reference;`);
  }
}
