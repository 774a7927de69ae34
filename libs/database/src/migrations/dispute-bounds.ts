/** Disputes: one open for each record, reminders, defaults that are reviewed; adjustments say what they are for, and are final. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DisputeBounds1764530000000 implements MigrationInterface {
  readonly name = 'DisputeBounds1764530000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE dispute ADD reminded boolean NOT NULL DEFAULT false, ADD lapsed text;
      COMMENT ON COLUMN dispute.reminded IS 'the first deadline of the stage passed, and both sides were reminded';
      COMMENT ON COLUMN dispute.lapsed IS 'the stage on which nobody acted, while the default is reviewed';
      -- A respondent who gave no evidence in time: before this migration, nobody reviewed that.
      UPDATE dispute SET state = 'default_pending_review', lapsed = 'evidence_requested', ruling = 'claimant',
        deadline = now() + interval '10 days' WHERE state = 'defaulted' OR (barred AND state = 'charged_back');
      UPDATE dispute_step SET state = 'default_pending_review' WHERE state = 'defaulted';
      ALTER TABLE dispute DROP barred,
        ADD CONSTRAINT dispute_lapsed CHECK ((state = 'default_pending_review') = (lapsed IS NOT NULL));
      -- Of several open disputes of one record the first stays; the others can be opened again after it.
      UPDATE dispute later SET state = 'closed', deadline = NULL, lapsed = NULL, outcome = 'respondent', ground = 'withdrawn'
        FROM dispute first WHERE later.state <> 'closed' AND first.state <> 'closed' AND first.id <> later.id
          AND first.reference = later.reference AND first.to_network = later.to_network
          AND (first.opened_at, first.id) < (later.opened_at, later.id);
      CREATE UNIQUE INDEX dispute_one_open ON dispute (reference, to_network) WHERE state <> 'closed';
      CREATE INDEX dispute_open_claimant ON dispute (claimant) WHERE state <> 'closed';

      ALTER TABLE adjustment ADD reference text, ADD difference uuid REFERENCES difference (id);
      COMMENT ON COLUMN adjustment.reference IS 'of the detail record that was disputed';
      UPDATE adjustment SET reference = dispute.reference FROM dispute WHERE dispute.id = adjustment.dispute;
      CREATE UNIQUE INDEX adjustment_dispute ON adjustment (dispute) WHERE dispute IS NOT NULL;
      CREATE UNIQUE INDEX adjustment_difference ON adjustment (difference) WHERE difference IS NOT NULL;
      CREATE INDEX adjustment_newest ON adjustment (created_at, id);
      CREATE INDEX adjustment_from ON adjustment (from_party, created_at, id);
      CREATE INDEX adjustment_to ON adjustment (to_party, created_at, id);
      -- Statements are made from these rows whenever they are asked for, the same bytes each time.
      CREATE FUNCTION adjustment_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'DELETE' OR OLD.business_date IS NOT NULL
            OR to_jsonb(NEW) - 'business_date' <> to_jsonb(OLD) - 'business_date' THEN
            RAISE EXCEPTION 'adjustment % is final', OLD.id;
          END IF;
          RETURN NEW;
        END $$;
      CREATE TRIGGER adjustment_is_final BEFORE UPDATE OR DELETE ON adjustment
        FOR EACH ROW EXECUTE FUNCTION adjustment_is_final();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER adjustment_is_final ON adjustment;
      DROP FUNCTION adjustment_is_final;
      DROP INDEX adjustment_dispute, adjustment_difference, adjustment_newest, adjustment_from, adjustment_to;
      ALTER TABLE adjustment DROP reference, DROP difference;
      DROP INDEX dispute_one_open, dispute_open_claimant;
      ALTER TABLE dispute DROP CONSTRAINT dispute_lapsed, ADD barred boolean NOT NULL DEFAULT false;
      UPDATE dispute SET state = 'charged_back', ruling = NULL, barred = lapsed = 'evidence_requested'
        WHERE state = 'default_pending_review';
      UPDATE dispute_step SET state = 'charged_back' WHERE state = 'default_pending_review';
      ALTER TABLE dispute DROP reminded, DROP lapsed;`);
  }
}
