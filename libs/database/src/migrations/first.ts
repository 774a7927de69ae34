/** Networks, keys, trace, media. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class First1763800000000 implements MigrationInterface {
  readonly name = 'First1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE network (
        slug text PRIMARY KEY, name text NOT NULL, status text NOT NULL CHECK (status IN ('live', 'suspended')),
        capabilities jsonb, build text, created_at timestamptz NOT NULL);
      CREATE TABLE api_key (
        id uuid PRIMARY KEY, name text NOT NULL, role text NOT NULL CHECK (role IN ('admin', 'operator', 'auditor')),
        network text REFERENCES network (slug), hash text NOT NULL UNIQUE, prefix text NOT NULL, created_at timestamptz NOT NULL,
        CHECK ((role = 'operator') = (network IS NOT NULL)));
      CREATE TABLE checkpoint (
        id text PRIMARY KEY, event_id text NOT NULL, stage text NOT NULL, network text NOT NULL, kind text NOT NULL,
        conversation text NOT NULL, from_address text NOT NULL, to_address text NOT NULL, code text NOT NULL, detail text,
        at timestamptz NOT NULL);
      CREATE INDEX checkpoint_event ON checkpoint (event_id);
      CREATE INDEX checkpoint_at ON checkpoint USING brin (at);
      CREATE TABLE native_ref (
        network text NOT NULL, native_hash text NOT NULL, event_id text NOT NULL, at timestamptz NOT NULL,
        PRIMARY KEY (network, native_hash, event_id));
      CREATE SEQUENCE registry_version;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE native_ref, checkpoint, api_key, network; DROP SEQUENCE registry_version;',
    );
  }
}

export class MediaUse1763800000001 implements MigrationInterface {
  readonly name = 'MediaUse1763800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE media_use (
        url text NOT NULL, event_id text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (url, event_id));
      CREATE INDEX media_use_at ON media_use USING brin (at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE media_use;');
  }
}
