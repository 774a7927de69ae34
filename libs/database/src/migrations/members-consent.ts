/** Confirmations by members, their standing rules, expiry of proposals, suspensions that expire, and departures. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MembersConsent1764510000000 implements MigrationInterface {
  readonly name = 'MembersConsent1764510000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE change_request DROP CONSTRAINT change_request_state_check,
        ADD expires_at timestamptz, ADD ended_at timestamptz;
      -- Before this migration the approval of an admin applied a change.
      UPDATE change_request SET state = 'applied' WHERE state = 'approved';
      UPDATE change_request SET ended_at = decided_at, expires_at = proposed_at + interval '14 days';
      ALTER TABLE change_request ALTER expires_at SET NOT NULL,
        ADD CONSTRAINT change_request_state_check
          CHECK (state IN ('proposed', 'approved', 'applied', 'rejected', 'declined', 'expired'));
      COMMENT ON COLUMN change_request.decided_by IS 'the admin who approved or rejected it last';
      CREATE INDEX change_request_open ON change_request (expires_at) WHERE ended_at IS NULL;

      CREATE TABLE acceptance_rule (
        id uuid PRIMARY KEY, network text NOT NULL REFERENCES network (slug), terms jsonb NOT NULL, reason text NOT NULL,
        created_by uuid NOT NULL, created_at timestamptz NOT NULL, withdrawn_by uuid, withdrawn_at timestamptz);
      CREATE INDEX acceptance_rule_network ON acceptance_rule (network, created_at, id);

      CREATE TABLE change_confirmation (
        change uuid NOT NULL REFERENCES change_request (id), network text NOT NULL REFERENCES network (slug),
        state text NOT NULL CHECK (state IN ('awaited', 'confirmed', 'declined')),
        confirmed_by uuid, rule uuid REFERENCES acceptance_rule (id), reason text, at timestamptz,
        PRIMARY KEY (change, network),
        CHECK (state = 'awaited' OR (at IS NOT NULL AND num_nonnulls(confirmed_by, rule) = 1)));
      CREATE INDEX change_confirmation_network ON change_confirmation (network, change);

      CREATE TABLE suspension (
        id uuid PRIMARY KEY, network text NOT NULL REFERENCES network (slug), reason text NOT NULL, suspended_by uuid NOT NULL,
        suspended_at timestamptz NOT NULL, expires_at timestamptz, confirmed_by uuid, confirmed_at timestamptz,
        ended_at timestamptz);
      COMMENT ON COLUMN suspension.expires_at IS 'of an emergency suspension by one admin; confirmed or planned ones have none';
      CREATE UNIQUE INDEX suspension_open ON suspension (network) WHERE ended_at IS NULL;

      CREATE TABLE departure (
        id uuid PRIMARY KEY, network text NOT NULL REFERENCES network (slug), leaves_at timestamptz NOT NULL,
        notice text, notice_state text NOT NULL CHECK (notice_state IN ('default', 'pending', 'approved', 'rejected')),
        announced_by uuid, announced_at timestamptz NOT NULL, withdrawn_at timestamptz);
      COMMENT ON COLUMN departure.notice_state IS 'default: no text of its own; nobody is told while it is pending';
      CREATE TABLE departure_notice (
        departure uuid NOT NULL REFERENCES departure (id), address text NOT NULL, sent_at timestamptz, withdrawal_sent_at timestamptz,
        PRIMARY KEY (departure, address));
      INSERT INTO departure (id, network, leaves_at, notice, notice_state, announced_at)
        SELECT gen_random_uuid(), slug, leaves_at, notice, CASE WHEN notice IS NULL THEN 'default' ELSE 'approved' END, now()
        FROM network WHERE status = 'leaving' AND leaves_at IS NOT NULL;
      INSERT INTO departure_notice (departure, address, sent_at)
        SELECT departure.id, address, sent_at FROM leaving_notice JOIN departure USING (network, leaves_at);
      DROP TABLE leaving_notice;
      ALTER TABLE network DROP notice;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE network ADD notice text;
      CREATE TABLE leaving_notice (
        network text NOT NULL, leaves_at timestamptz NOT NULL, address text NOT NULL, sent_at timestamptz,
        PRIMARY KEY (network, leaves_at, address));
      DROP TABLE departure_notice, departure, suspension, change_confirmation, acceptance_rule;
      ALTER TABLE change_request DROP CONSTRAINT change_request_state_check, DROP expires_at, DROP ended_at;
      UPDATE change_request SET state = 'approved' WHERE state = 'applied';
      UPDATE change_request SET state = 'rejected' WHERE state IN ('declined', 'expired');
      ALTER TABLE change_request ADD CONSTRAINT change_request_state_check CHECK (state IN ('proposed', 'approved', 'rejected'));`);
  }
}
