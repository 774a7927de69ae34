/** Ways back for people who have lost their second factor: recovery codes, and a reset that two admins agree on. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SecondFactorRecovery1764645000000 implements MigrationInterface {
  readonly name = 'SecondFactorRecovery1764645000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recovery_code (
        person_id uuid NOT NULL REFERENCES person (id), hash text NOT NULL, used_at timestamptz,
        PRIMARY KEY (person_id, hash));
      COMMENT ON COLUMN recovery_code.hash IS 'SHA-256 of the person and the code, which has 80 random bits';

      CREATE TABLE second_factor_reset (person_id uuid PRIMARY KEY REFERENCES person (id), reset_at timestamptz NOT NULL);
      COMMENT ON TABLE second_factor_reset IS 'People who must set up a new second factor, because admins reset theirs';

      ALTER TABLE session ADD only_enrols boolean NOT NULL DEFAULT false, DROP CONSTRAINT session_method_check,
        ADD CONSTRAINT session_method_check
          CHECK (method IN ('password', 'password-and-code', 'password-and-recovery-code', 'oidc'));
      COMMENT ON COLUMN session.only_enrols IS 'the session is for setting up a second factor, and allows nothing else until then';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE session SET method = 'password-and-code' WHERE method = 'password-and-recovery-code';
      ALTER TABLE session DROP only_enrols, DROP CONSTRAINT session_method_check,
        ADD CONSTRAINT session_method_check CHECK (method IN ('password', 'password-and-code', 'oidc'));
      DROP TABLE second_factor_reset, recovery_code;`);
  }
}
