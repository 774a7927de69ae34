/** Abuse reports, block lists, and how complaints weigh on a network. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Abuse1763940000000 implements MigrationInterface {
  readonly name = 'Abuse1763940000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE abuse_report (
        id uuid PRIMARY KEY, reporter_network text NOT NULL REFERENCES network (slug),
        accused text NOT NULL, accused_network text NOT NULL, reference text,
        category text NOT NULL CHECK (category IN ('spam', 'abuse', 'fraud', 'illegal', 'other')),
        note text NOT NULL, disclosed_content text, reported_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
        answered_at timestamptz, action text, answer_note text, CHECK ((answered_at IS NULL) = (action IS NULL)));
      COMMENT ON COLUMN abuse_report.accused_network IS 'as the reporter wrote it: there may be none of that name';
      CREATE INDEX abuse_report_reporter ON abuse_report (reporter_network, reported_at, id);
      CREATE INDEX abuse_report_accused ON abuse_report (accused_network, reported_at, id);
      CREATE TABLE blocked (
        id uuid PRIMARY KEY, address text NOT NULL, network text REFERENCES network (slug), reason text NOT NULL,
        created_at timestamptz NOT NULL, UNIQUE NULLS NOT DISTINCT (address, network));
      COMMENT ON COLUMN blocked.network IS 'who does not hear the address; null: nobody does';
      CREATE TABLE delivered_tally (
        network text NOT NULL, hour timestamptz NOT NULL, delivered bigint NOT NULL, PRIMARY KEY (network, hour));
      COMMENT ON TABLE delivered_tally IS 'messages of a network that were delivered, by hour, counted off the trace';
      CREATE TABLE network_risk (
        network text PRIMARY KEY REFERENCES network (slug), since timestamptz NOT NULL, delivered bigint NOT NULL,
        complaints int NOT NULL, late int NOT NULL, unproven int NOT NULL, judged_at timestamptz NOT NULL);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE network_risk, delivered_tally, blocked, abuse_report;');
  }
}
