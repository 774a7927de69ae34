/** Webhooks: the former secret during a rotation, and since when a receiver has failed. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class WebhookHealth1764640000000 implements MigrationInterface {
  readonly name = 'WebhookHealth1764640000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE webhook ADD former_secret text, ADD former_until timestamptz, ADD failing_since timestamptz, ADD disabled_at timestamptz,
        ADD CHECK ((former_secret IS NULL) = (former_until IS NULL));
      COMMENT ON COLUMN webhook.former_secret IS 'encrypted with a key of ENCRYPTION_KEY; signs as well until former_until';
      COMMENT ON COLUMN webhook.failing_since IS 'first failed attempt since the last delivery; none: the last attempt was a success';
      COMMENT ON COLUMN webhook.disabled_at IS 'when the hub disabled it; none: it did not';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE webhook DROP former_secret, DROP former_until, DROP failing_since, DROP disabled_at;`);
  }
}
