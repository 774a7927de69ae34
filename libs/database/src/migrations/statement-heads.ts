/** What a bank needs on a statement: legal names and accounts of the parties, the period, the balance and the due date. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StatementHeads1764590000000 implements MigrationInterface {
  readonly name = 'StatementHeads1764590000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE operator ADD legal_name_zh text, ADD legal_name_en text, ADD account text;
      COMMENT ON COLUMN operator.legal_name_zh IS 'registered name of the company in Chinese, as on its statements';
      COMMENT ON COLUMN operator.account IS 'bank and account number, as text on its statements';

      ALTER TABLE business_day ADD starts_at timestamptz, ADD ends_at timestamptz, ADD zone text, ADD due_on date;
      COMMENT ON COLUMN business_day.zone IS 'time zone in which statements show the period; none: closed before this was kept';
      COMMENT ON COLUMN business_day.due_on IS 'when the positions of the day are due; none: closed before this was kept';

      CREATE TABLE statement_head (
        business_date date NOT NULL REFERENCES business_day (date), party text NOT NULL,
        legal_name_zh text, legal_name_en text, account text,
        opening numeric(40) NOT NULL, fallen_due numeric(40) NOT NULL,
        PRIMARY KEY (business_date, party));
      COMMENT ON TABLE statement_head IS 'Facts of a statement that can change after the close, as they were at the close';
      COMMENT ON COLUMN statement_head.opening IS 'millionths of a yuan: positions of earlier days that are not due before this day';
      COMMENT ON COLUMN statement_head.fallen_due IS 'millionths of a yuan: positions of earlier days that are due on this day';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE statement_head;
      ALTER TABLE business_day DROP starts_at, DROP ends_at, DROP zone, DROP due_on;
      ALTER TABLE operator DROP legal_name_zh, DROP legal_name_en, DROP account;`);
  }
}
