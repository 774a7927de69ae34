/** Members, agreements, tariffs, routes, the audit log, and detail records. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Exchange1763900000000 implements MigrationInterface {
  readonly name = 'Exchange1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operator (
        id text PRIMARY KEY, name text NOT NULL, contact text NOT NULL, version int NOT NULL DEFAULT 1, created_at timestamptz NOT NULL);
      ALTER TABLE network DROP CONSTRAINT network_status_check;
      ALTER TABLE network
        ADD CHECK (status IN ('applied', 'approved', 'live', 'suspended', 'leaving', 'gone')),
        ADD operator text REFERENCES operator (id),
        ADD adapter text NOT NULL DEFAULT 'draft' CHECK (adapter IN ('draft', 'sandbox', 'certified', 'expired', 'revoked')),
        ADD test boolean NOT NULL DEFAULT false,
        ADD leaves_at timestamptz,
        ADD notice text,
        ADD stand_in jsonb NOT NULL DEFAULT '{"hours": 48, "messages": 100000}',
        ADD risk text NOT NULL DEFAULT 'normal' CHECK (risk IN ('normal', 'warned', 'throttled', 'suspended')),
        ADD version int NOT NULL DEFAULT 1;

      ALTER TABLE api_key ADD created_by uuid;
      COMMENT ON COLUMN api_key.created_by IS 'the key with which it was made; none: it came from the settings';
      CREATE TABLE audit (
        seq bigint PRIMARY KEY, at timestamptz NOT NULL, actor text NOT NULL, action text NOT NULL, subject text NOT NULL,
        reason text NOT NULL, change jsonb NOT NULL, previous text NOT NULL, hash text NOT NULL UNIQUE);
      CREATE INDEX audit_subject ON audit (subject, seq);
      CREATE RULE audit_is_not_changed AS ON UPDATE TO audit DO INSTEAD NOTHING;
      CREATE RULE audit_is_not_deleted AS ON DELETE TO audit DO INSTEAD NOTHING;

      CREATE TABLE leaving_notice (
        network text NOT NULL, leaves_at timestamptz NOT NULL, address text NOT NULL, sent_at timestamptz,
        PRIMARY KEY (network, leaves_at, address));

      CREATE TABLE change_request (
        id uuid PRIMARY KEY, kind text NOT NULL, body jsonb NOT NULL, reason text NOT NULL,
        state text NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected')),
        proposed_by uuid NOT NULL, proposed_at timestamptz NOT NULL, decided_by uuid, decided_at timestamptz,
        CHECK (decided_by IS NULL OR decided_by <> proposed_by OR state = 'rejected'));

      CREATE TABLE agreement (
        id uuid PRIMARY KEY, from_network text NOT NULL, to_network text NOT NULL, classes text[] NOT NULL, limits jsonb,
        valid_from timestamptz NOT NULL, valid_to timestamptz CHECK (valid_to >= valid_from), version int NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL);
      -- Whoever was a member before goes on as before.
      UPDATE network SET adapter = 'certified';
      INSERT INTO agreement (id, from_network, to_network, classes, valid_from, created_at)
        SELECT gen_random_uuid(), '*', '*', '{message,media,sms,contact,group,call}', now(), now() WHERE EXISTS (SELECT 1 FROM network);
      CREATE TABLE setting (key text PRIMARY KEY, value jsonb NOT NULL, version int NOT NULL DEFAULT 1);
      CREATE TABLE tariff (
        id uuid PRIMARY KEY, from_network text NOT NULL, to_network text NOT NULL, class text NOT NULL, valid_from timestamptz NOT NULL,
        termination_fee bigint NOT NULL CHECK (termination_fee >= 0), switch_fee bigint NOT NULL CHECK (switch_fee >= 0),
        bill_and_keep_permille int CHECK (bill_and_keep_permille BETWEEN 0 AND 1000), shares jsonb NOT NULL DEFAULT '[]',
        created_at timestamptz NOT NULL, UNIQUE (from_network, to_network, class, valid_from));
      COMMENT ON COLUMN tariff.termination_fee IS 'millionths of a yuan per unit, to the receiving network';
      CREATE TABLE route (
        kind text NOT NULL CHECK (kind IN ('domain', 'prefix', 'exact')), key text NOT NULL, network text NOT NULL REFERENCES network (slug),
        since timestamptz NOT NULL, PRIMARY KEY (kind, key));

      CREATE TABLE detail_record (
        reference text NOT NULL, from_network text NOT NULL, to_network text NOT NULL,
        class text, units bigint, accepted_at timestamptz, routed_seq bigint,
        outcome text CHECK (outcome IN ('delivered', 'failed')), code text, ended_at timestamptz, outcome_seq bigint,
        stand_in boolean NOT NULL DEFAULT false, from_party text NOT NULL, to_party text NOT NULL,
        business_date date,
        PRIMARY KEY (reference, to_network));
      CREATE INDEX detail_record_day ON detail_record (business_date, reference, to_network) WHERE business_date IS NOT NULL;
      CREATE INDEX detail_record_ended ON detail_record (ended_at);
      COMMENT ON TABLE detail_record IS 'One row per message and destination: what was routed (class to routed_seq) and how it ended (outcome to outcome_seq) come
        from two streams, in any order; a row with both has a business date. Parties are keyed hashes.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE detail_record, route, tariff, setting, agreement, change_request, leaving_notice, audit;
      ALTER TABLE network DROP operator, DROP adapter, DROP test, DROP leaves_at, DROP notice, DROP stand_in, DROP risk, DROP version;
      ALTER TABLE api_key DROP created_by;
      DROP TABLE operator;`);
  }
}
