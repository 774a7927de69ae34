/** Disputes, what members say about a closed business day, and answers kept for requests that come twice. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Disputes1763920000000 implements MigrationInterface {
  readonly name = 'Disputes1763920000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dispute (
        id uuid PRIMARY KEY, reference text NOT NULL, to_network text NOT NULL, claimant text NOT NULL, respondent text NOT NULL,
        kind text NOT NULL, amount bigint NOT NULL CHECK (amount > 0),
        state text NOT NULL, barred boolean NOT NULL, ruling text CHECK (ruling IN ('claimant', 'respondent')), deadline timestamptz,
        outcome text CHECK (outcome IN ('claimant', 'respondent')), ground text,
        version int NOT NULL DEFAULT 1, opened_at timestamptz NOT NULL,
        CHECK (claimant <> respondent),
        CHECK ((state = 'closed') = (deadline IS NULL)), CHECK ((state = 'closed') = (outcome IS NOT NULL)));
      COMMENT ON COLUMN dispute.amount IS 'millionths of a yuan';
      CREATE UNIQUE INDEX dispute_once ON dispute (reference, to_network, kind) WHERE ground IS DISTINCT FROM 'withdrawn';
      CREATE INDEX dispute_deadline ON dispute (deadline) WHERE deadline IS NOT NULL;
      CREATE INDEX dispute_claimant ON dispute (claimant, opened_at, id);
      CREATE INDEX dispute_respondent ON dispute (respondent, opened_at, id);
      CREATE INDEX dispute_newest ON dispute (opened_at, id);

      CREATE TABLE dispute_step (
        dispute uuid NOT NULL REFERENCES dispute (id), version int NOT NULL, at timestamptz NOT NULL,
        side text NOT NULL CHECK (side IN ('claimant', 'respondent', 'admin', 'hub')), key uuid, action text NOT NULL, state text NOT NULL,
        text text NOT NULL, envelope_hash text, PRIMARY KEY (dispute, version));
      COMMENT ON TABLE dispute_step IS 'What was done, and the state after it; never what people wrote to one another';

      CREATE TABLE confirmation (
        date date NOT NULL, network text NOT NULL REFERENCES network (slug), position bigint NOT NULL, key uuid NOT NULL, at timestamptz NOT NULL,
        PRIMARY KEY (date, network));
      CREATE TABLE difference (
        id uuid PRIMARY KEY, date date NOT NULL, network text NOT NULL REFERENCES network (slug), amount bigint NOT NULL CHECK (amount <> 0),
        text text NOT NULL, key uuid NOT NULL, raised_at timestamptz NOT NULL,
        resolution text, adjustment uuid, resolved_at timestamptz, version int NOT NULL DEFAULT 1,
        CHECK ((resolution IS NULL) = (resolved_at IS NULL)));
      CREATE INDEX difference_day ON difference (date, raised_at, id);

      CREATE TABLE idempotency (
        caller uuid NOT NULL, key text NOT NULL, request text NOT NULL, body_hash text NOT NULL, at timestamptz NOT NULL,
        status int, response text, headers jsonb, secret boolean NOT NULL DEFAULT false, PRIMARY KEY (caller, key));
      CREATE INDEX idempotency_at ON idempotency (at);
      COMMENT ON COLUMN idempotency.status IS 'NULL while the first request is being worked on';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency, difference, confirmation, dispute_step, dispute;');
  }
}
