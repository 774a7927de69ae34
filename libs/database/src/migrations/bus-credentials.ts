/** Bus credentials that were issued to networks: public keys and dates. The secret half was given away and is not kept. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class BusCredentials1764420000000 implements MigrationInterface {
  readonly name = 'BusCredentials1764420000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bus_credential (
        public_key text PRIMARY KEY, network text NOT NULL REFERENCES network (slug), issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL, issued_by text NOT NULL, renews text REFERENCES bus_credential (public_key),
        revoked_at timestamptz, revoked_by text, revoked_for text, last_used_at timestamptz, last_address text);
      COMMENT ON COLUMN bus_credential.renews IS 'the credential that asked for this one before its own end';
      CREATE INDEX bus_credential_network ON bus_credential (network, issued_at, public_key);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bus_credential;');
  }
}
