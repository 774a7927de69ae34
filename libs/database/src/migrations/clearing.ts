/** Business days, ratings, positions, statements, adjustments. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Clearing1763910000000 implements MigrationInterface {
  readonly name = 'Clearing1763910000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Clearing files are made again from the rows, in their order: it must not change with the locale of the server.
      ALTER TABLE detail_record
        ALTER reference TYPE text COLLATE "C",
        ALTER to_network TYPE text COLLATE "C",
        ADD sms_units bigint,
        ADD at_switch boolean NOT NULL DEFAULT false;
      COMMENT ON COLUMN detail_record.sms_units IS 'how many short messages the words fill, should they be handed to SMS';
      COMMENT ON COLUMN detail_record.at_switch IS 'the switch ended it: there is no routed half';
      CREATE FUNCTION detail_record_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'detail record % to % is final since %', OLD.reference, OLD.to_network, OLD.business_date; END $$;
      CREATE TRIGGER detail_record_is_final BEFORE UPDATE ON detail_record
        FOR EACH ROW WHEN (OLD.business_date IS NOT NULL) EXECUTE FUNCTION detail_record_is_final();
      COMMENT ON COLUMN tariff.switch_fee IS 'millionths of a yuan per unit, to the hub';

      CREATE TABLE business_day (
        date date PRIMARY KEY, state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
        sealed_at timestamptz, closed_at timestamptz, manifest jsonb,
        CHECK ((state = 'closed') = (manifest IS NOT NULL AND closed_at IS NOT NULL)),
        CHECK (state = 'open' OR sealed_at IS NOT NULL));
      COMMENT ON COLUMN business_day.sealed_at IS 'from then on no record enters the day: its close has begun';

      CREATE TABLE rated_record (
        business_date date NOT NULL, reference text COLLATE "C" NOT NULL, to_network text COLLATE "C" NOT NULL,
        tariff uuid, price bigint NOT NULL, switch_fee bigint NOT NULL,
        PRIMARY KEY (business_date, reference, to_network));
      CREATE TABLE position (
        business_date date NOT NULL REFERENCES business_day (date), party text NOT NULL, amount numeric(40) NOT NULL,
        PRIMARY KEY (business_date, party));
      COMMENT ON COLUMN position.amount IS 'millionths of a yuan; positive: the party gets it';
      CREATE TABLE statement_line (
        business_date date NOT NULL REFERENCES business_day (date), party text NOT NULL, line int NOT NULL,
        counterparty text NOT NULL, kind text NOT NULL CHECK (kind IN ('termination', 'switch', 'share', 'waiver', 'adjustment')),
        class text, direction text NOT NULL CHECK (direction IN ('out', 'in')),
        units numeric(40) NOT NULL, records bigint NOT NULL, amount numeric(40) NOT NULL, adjustment uuid,
        PRIMARY KEY (business_date, party, line));
      CREATE TABLE adjustment (
        id uuid PRIMARY KEY, from_party text NOT NULL, to_party text NOT NULL, amount bigint NOT NULL CHECK (amount > 0),
        reason text NOT NULL, dispute uuid, created_at timestamptz NOT NULL, business_date date, CHECK (from_party <> to_party));
      COMMENT ON TABLE adjustment IS 'from_party pays to_party so many millionths of a yuan; the next close takes it up and dates it';
      CREATE INDEX adjustment_day ON adjustment (business_date);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE adjustment, statement_line, position, rated_record, business_day;
      DROP TRIGGER detail_record_is_final ON detail_record;
      DROP FUNCTION detail_record_is_final;
      ALTER TABLE detail_record DROP sms_units, DROP at_switch;`);
  }
}
