/** People own API keys; keys expire and are revoked with a reason. The audit log says which networks an entry concerns, and has signed checkpoints. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class People1764500000000 implements MigrationInterface {
  readonly name = 'People1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE person (
        id uuid PRIMARY KEY, name text NOT NULL, mail text NOT NULL UNIQUE,
        roles text[] NOT NULL CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['admin', 'operator', 'auditor']),
        network text REFERENCES network (slug), created_at timestamptz NOT NULL, created_by uuid, approved_by uuid,
        disabled_at timestamptz, disabled_by uuid, version int NOT NULL DEFAULT 1,
        CHECK (('operator' = ANY (roles)) = (network IS NOT NULL)));
      COMMENT ON COLUMN person.created_by IS 'the key that proposed this person; none: from the settings, or from before people were registered';
      COMMENT ON COLUMN person.approved_by IS 'the key of the second person who approved';
      CREATE INDEX person_network ON person (network, created_at, id);

      ALTER TABLE api_key
        ADD person_id uuid REFERENCES person (id), ADD expires_at timestamptz, ADD expiry_recorded_at timestamptz, ADD last_used_at timestamptz,
        ADD reason text NOT NULL DEFAULT 'issued before reasons were kept', ADD approved_by uuid,
        ADD revoked_by uuid, ADD revoked_reason text;
      COMMENT ON COLUMN api_key.expires_at IS 'none: a key of the settings, which does not expire';
      COMMENT ON COLUMN api_key.approved_by IS 'the key of the second person who approved that it was issued';

      INSERT INTO person (id, name, mail, roles, created_at)
        SELECT gen_random_uuid(), name, replace(name, ' ', '-') || '@settings.invalid', ARRAY['admin'], min(created_at)
        FROM api_key WHERE created_by IS NULL AND role = 'admin' AND name IN ('first admin', 'second admin') GROUP BY name;
      UPDATE api_key k SET person_id = p.id FROM person p
        WHERE k.created_by IS NULL AND k.role = 'admin' AND p.mail = replace(k.name, ' ', '-') || '@settings.invalid';
      INSERT INTO person (id, name, mail, roles, network, created_at, created_by)
        SELECT gen_random_uuid(), name, 'key-' || id || '@unknown.invalid', ARRAY[role], network, created_at, created_by
        FROM api_key WHERE person_id IS NULL;
      UPDATE api_key k SET person_id = p.id FROM person p
        WHERE k.person_id IS NULL AND p.mail = 'key-' || k.id || '@unknown.invalid';
      UPDATE api_key SET expires_at = now() + interval '90 days' WHERE created_by IS NOT NULL;
      ALTER TABLE api_key ALTER person_id SET NOT NULL, ALTER reason DROP DEFAULT;
      CREATE INDEX api_key_person ON api_key (person_id);
      CREATE INDEX api_key_created_by ON api_key (created_by);

      CREATE TABLE key_use (
        key_id uuid NOT NULL REFERENCES api_key (id), address text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (key_id, address));
      COMMENT ON TABLE key_use IS 'the last hour in which a key was used from an address';

      ALTER TABLE audit ADD networks text[];
      COMMENT ON COLUMN audit.networks IS 'whose operators may read the entry; none: written before this was kept, and not part of its hash';
      CREATE INDEX audit_networks ON audit USING gin (networks);
      CREATE TABLE audit_checkpoint (
        seq bigint PRIMARY KEY, hash text NOT NULL, at timestamptz NOT NULL, key text NOT NULL, signature text NOT NULL);
      COMMENT ON TABLE audit_checkpoint IS 'signed: entry seq of the audit log had this hash';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE audit_checkpoint, key_use;
      ALTER TABLE audit DROP networks;
      ALTER TABLE api_key DROP person_id, DROP expires_at, DROP expiry_recorded_at, DROP last_used_at, DROP reason, DROP approved_by, DROP revoked_by, DROP revoked_reason;
      DROP TABLE person;`);
  }
}
