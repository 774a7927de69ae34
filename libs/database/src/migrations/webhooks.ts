/** Events of the hub, the webhooks to which they are delivered, and the log of their deliveries. Indexes for the filters of the audit log. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Webhooks1764596100000 implements MigrationInterface {
  readonly name = 'Webhooks1764596100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE hub_event (
        id uuid PRIMARY KEY, key text NOT NULL UNIQUE, kind text NOT NULL, network text, subject text NOT NULL, words text NOT NULL,
        at timestamptz NOT NULL);
      CREATE INDEX hub_event_at ON hub_event (at);
      CREATE INDEX hub_event_network ON hub_event (network, at);
      CREATE INDEX hub_event_kind ON hub_event (kind, at);
      COMMENT ON COLUMN hub_event.key IS 'what happened: several consoles that notice the same write it once';
      COMMENT ON COLUMN hub_event.network IS 'whose webhooks get it, beside those of the exchange; none: of the exchange alone';

      CREATE TABLE webhook (
        id uuid PRIMARY KEY, network text REFERENCES network (slug), url text NOT NULL, kinds text[] NOT NULL, note text NOT NULL,
        secret text NOT NULL, enabled boolean NOT NULL, created_by uuid NOT NULL REFERENCES api_key (id), created_at timestamptz NOT NULL);
      CREATE INDEX webhook_network ON webhook (network);
      COMMENT ON COLUMN webhook.network IS 'none: a webhook of the exchange';
      COMMENT ON COLUMN webhook.secret IS 'encrypted with a key of ENCRYPTION_KEY';

      CREATE TABLE webhook_delivery (
        id uuid PRIMARY KEY, webhook_id uuid NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
        event_id uuid NOT NULL REFERENCES hub_event (id) ON DELETE CASCADE,
        state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')), attempts int NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL, next_at timestamptz NOT NULL, last_at timestamptz, status int, error text,
        UNIQUE (webhook_id, event_id));
      CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook_id, created_at, id);
      CREATE INDEX webhook_delivery_event ON webhook_delivery (event_id);
      CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at) WHERE state = 'waiting';
      COMMENT ON COLUMN webhook_delivery.next_at IS 'while an attempt runs: when another console may try again';

      COMMENT ON COLUMN second_factor.secret IS 'encrypted with a key of ENCRYPTION_KEY';

      CREATE INDEX audit_at ON audit (at);
      CREATE INDEX audit_action ON audit (action text_pattern_ops, seq);
      CREATE INDEX audit_who ON audit (lower(regexp_replace(actor, '^\\S+ \\S+ ', '')) text_pattern_ops, seq);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_at, audit_action, audit_who;
      DROP TABLE webhook_delivery, webhook, hub_event;
    `);
  }
}
