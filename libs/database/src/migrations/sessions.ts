/** Sign-in of people: passwords, second factors, sessions, identities of an OpenID provider, and preferences. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Sessions1764560000000 implements MigrationInterface {
  readonly name = 'Sessions1764560000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE password (
        person_id uuid PRIMARY KEY REFERENCES person (id), hash text NOT NULL, proven_by uuid REFERENCES api_key (id),
        changed_at timestamptz NOT NULL);
      COMMENT ON COLUMN password.hash IS 'scrypt, with its parameters and salt';
      COMMENT ON COLUMN password.proven_by IS 'the key that set the password; sessions count as made with this key';

      CREATE TABLE second_factor (
        person_id uuid PRIMARY KEY REFERENCES person (id), secret text NOT NULL, created_at timestamptz NOT NULL,
        confirmed_at timestamptz, last_step bigint NOT NULL DEFAULT 0);
      COMMENT ON COLUMN second_factor.last_step IS 'time step of the last accepted code, which is not accepted again';

      CREATE TABLE session (
        key_id uuid PRIMARY KEY REFERENCES api_key (id), person_id uuid NOT NULL REFERENCES person (id),
        method text NOT NULL CHECK (method IN ('password', 'password-and-code', 'oidc')),
        address text NOT NULL, agent text NOT NULL, started_at timestamptz NOT NULL, seen_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL);
      CREATE INDEX session_person ON session (person_id, started_at);
      COMMENT ON TABLE session IS 'A session is a short-lived key whose secret only the browser has; revoking the key ends it';

      CREATE TABLE sign_in_limit (
        subject text PRIMARY KEY, attempts int NOT NULL, last_at timestamptz NOT NULL, waits_until timestamptz NOT NULL);
      CREATE INDEX sign_in_limit_last ON sign_in_limit (last_at);

      CREATE TABLE oidc_identity (
        issuer text NOT NULL, subject text NOT NULL, person_id uuid NOT NULL REFERENCES person (id), since timestamptz NOT NULL,
        PRIMARY KEY (issuer, subject));

      CREATE TABLE preference (
        person_id uuid PRIMARY KEY REFERENCES person (id), language text NOT NULL, time_zone text NOT NULL);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE preference, oidc_identity, sign_in_limit, session, second_factor, password',
    );
  }
}
