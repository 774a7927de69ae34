/** Payments of positions, which two admins record. Before, a position counted as paid when it was due. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Payments1764635000000 implements MigrationInterface {
  readonly name = 'Payments1764635000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payment (
        id uuid PRIMARY KEY, business_date date NOT NULL, party text NOT NULL, amount numeric(40) NOT NULL CHECK (amount <> 0),
        paid_on date NOT NULL, reference text NOT NULL, reason text NOT NULL, recorded_by uuid, approved_by uuid,
        created_at timestamptz NOT NULL, statement_date date REFERENCES business_day (date),
        FOREIGN KEY (business_date, party) REFERENCES position (business_date, party));
      COMMENT ON COLUMN payment.amount IS 'millionths of a yuan, with the sign of the position: negative: the party has paid it; a correction has the other sign';
      COMMENT ON COLUMN payment.recorded_by IS 'key that proposed it; none: it counted as paid when payments were not recorded yet';
      COMMENT ON COLUMN payment.statement_date IS 'the close that took it up on the statement of the party; none: not yet';
      CREATE INDEX payment_position ON payment (business_date, party);
      CREATE INDEX payment_party ON payment (party, created_at, id);
      CREATE INDEX payment_newest ON payment (created_at, id);
      CREATE INDEX position_party ON position (party, business_date);

      INSERT INTO payment
        SELECT gen_random_uuid(), p.business_date, p.party, p.amount, coalesce(d.due_on, d.date), '–', 'counted as paid when it was due',
          NULL, NULL, now(), coalesce((SELECT min(date) FROM business_day WHERE state = 'closed' AND date >= coalesce(d.due_on, d.date)), d.date)
        FROM position p JOIN business_day d ON d.date = p.business_date
        WHERE p.amount <> 0 AND coalesce(d.due_on, d.date) <= (SELECT max(date) FROM business_day WHERE state = 'closed');

      CREATE FUNCTION payment_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'DELETE' OR OLD.statement_date IS NOT NULL
            OR to_jsonb(NEW) - 'statement_date' <> to_jsonb(OLD) - 'statement_date' THEN
            RAISE EXCEPTION 'payment % is final', OLD.id;
          END IF;
          RETURN NEW;
        END $$;
      CREATE TRIGGER payment_is_final BEFORE UPDATE OR DELETE ON payment
        FOR EACH ROW EXECUTE FUNCTION payment_is_final();

      ALTER TABLE statement_head RENAME fallen_due TO paid;
      ALTER TABLE statement_head ADD overdue numeric(40) NOT NULL DEFAULT 0;
      COMMENT ON COLUMN statement_head.opening IS 'millionths of a yuan: the closing balance of the statement before';
      COMMENT ON COLUMN statement_head.paid IS 'millionths of a yuan: payments since the statement before; until payments were recorded, what fell due';
      COMMENT ON COLUMN statement_head.overdue IS 'millionths of a yuan: what of the closing balance was due before this day';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE statement_head DROP overdue;
      ALTER TABLE statement_head RENAME paid TO fallen_due;
      DROP INDEX position_party;
      DROP TABLE payment;
      DROP FUNCTION payment_is_final;`);
  }
}
