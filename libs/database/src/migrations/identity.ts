/** Who has which number, verified; who may reach whom; and numbers that moved. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Identity1763930000000 implements MigrationInterface {
  readonly name = 'Identity1763930000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE route DROP CONSTRAINT route_kind_check;
      ALTER TABLE route
        ADD CHECK (kind IN ('domain', 'prefix', 'exact', 'sms')),
        ADD address text CHECK (address IS NULL OR kind = 'exact');
      COMMENT ON COLUMN route.address IS 'of an exact route: the very person, if he is not called by his number there';

      CREATE TABLE link (
        number bigint NOT NULL, since timestamptz NOT NULL, preferred boolean NOT NULL, findable boolean NOT NULL,
        address text NOT NULL CHECK (length(address) <= 1000),
        PRIMARY KEY (number, address));
      CREATE INDEX link_address ON link USING hash (address);
      COMMENT ON TABLE link IS 'Verified from both sides. The number without its plus: an E.164 number has 15 digits at most';
      COMMENT ON COLUMN link.findable IS 'may be found by the number';

      CREATE TABLE link_challenge (
        id uuid PRIMARY KEY, number bigint NOT NULL, address text NOT NULL, preferred boolean NOT NULL, findable boolean NOT NULL,
        number_code text NOT NULL, address_code text NOT NULL, attempts int NOT NULL DEFAULT 0,
        started_by uuid NOT NULL, started_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, confirmed_at timestamptz);
      CREATE INDEX link_challenge_started ON link_challenge (started_at);
      COMMENT ON COLUMN link_challenge.number_code IS 'scrypt, salted with the id';

      CREATE TABLE consent (
        address text PRIMARY KEY CHECK (length(address) <= 1000), reach text NOT NULL CHECK (reach IN ('all', 'contacts', 'nobody')),
        contacts text[] NOT NULL, blocked text[] NOT NULL, version int NOT NULL, changed_at timestamptz NOT NULL);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE consent, link_challenge, link;
      DELETE FROM route WHERE kind = 'sms';
      ALTER TABLE route DROP address;
      ALTER TABLE route DROP CONSTRAINT route_kind_check, ADD CHECK (kind IN ('domain', 'prefix', 'exact'));`);
  }
}
