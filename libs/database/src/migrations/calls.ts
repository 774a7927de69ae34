/** Calls: routes of numbers that are called by telephone, and when a call was answered and how it ended. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Calls1764650000000 implements MigrationInterface {
  readonly name = 'Calls1764650000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE route DROP CONSTRAINT route_kind_check,
        ADD CONSTRAINT route_kind_check CHECK (kind IN ('domain', 'prefix', 'exact', 'rcs', 'sms', 'voice'));
      UPDATE network SET stand_in = stand_in - 'numberFallback' ||
        CASE stand_in ->> 'numberFallback' WHEN 'sms' THEN '{"ladder": ["sms"]}'::jsonb ELSE '{}' END
        WHERE stand_in ? 'numberFallback';
      ALTER TABLE detail_record ADD answered_at timestamptz, ADD call_end text
        CHECK (call_end IN ('ended', 'declined', 'cancelled', 'missed'));
      COMMENT ON COLUMN detail_record.answered_at IS 'of a call: when the answer was routed; its units are the seconds from then to the end';
      COMMENT ON COLUMN detail_record.call_end IS 'of a call: the act that ended it';

      CREATE TABLE call_act (
        call text COLLATE "C" NOT NULL, one text NOT NULL, other text NOT NULL, answered_at timestamptz, ended_at timestamptz,
        call_end text, seq bigint, written_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (call, one, other));
      CREATE INDEX call_act_written ON call_act (written_at);
      COMMENT ON TABLE call_act IS 'answer and end of calls whose records are not complete; the two networks in alphabetical order, since both can end a call';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE call_act;
      ALTER TABLE detail_record DROP answered_at, DROP call_end;
      DELETE FROM route WHERE kind IN ('rcs', 'voice');
      ALTER TABLE route DROP CONSTRAINT route_kind_check,
        ADD CONSTRAINT route_kind_check CHECK (kind IN ('domain', 'prefix', 'exact', 'sms'));`);
  }
}
