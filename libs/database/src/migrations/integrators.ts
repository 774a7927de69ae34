/** People of integrators, who read the statements of their own party. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables whose column `network` names a network or, for an integrator, its party. */
const OF_PARTIES = ['person', 'api_key'];

export class Integrators1764591000000 implements MigrationInterface {
  readonly name = 'Integrators1764591000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of OF_PARTIES)
      await runner.query(`
        ALTER TABLE ${table} DROP CONSTRAINT ${table}_network_fkey,
          ADD member text GENERATED ALWAYS AS (CASE WHEN network LIKE 'integrator:%' THEN NULL ELSE network END) STORED
            REFERENCES network (slug);
        COMMENT ON COLUMN ${table}.network IS 'an operator: the network; an integrator: the party integrator:<name>; others: none';
        COMMENT ON COLUMN ${table}.member IS 'network, unless it names an integrator';`);
    await runner.query(`
      ALTER TABLE person DROP CONSTRAINT person_check, DROP CONSTRAINT person_roles_check,
        ADD CONSTRAINT person_roles_check CHECK (
          cardinality(roles) > 0 AND roles <@ ARRAY['admin', 'operator', 'auditor', 'integrator']),
        ADD CONSTRAINT person_check CHECK (
          CASE WHEN 'operator' = ANY (roles) THEN member IS NOT NULL
               WHEN 'integrator' = ANY (roles) THEN network LIKE 'integrator:%'
               ELSE network IS NULL END IS TRUE);
      ALTER TABLE api_key DROP CONSTRAINT api_key_check, DROP CONSTRAINT api_key_role_check,
        ADD CONSTRAINT api_key_role_check CHECK (role IN ('admin', 'operator', 'auditor', 'integrator')),
        ADD CONSTRAINT api_key_check CHECK (
          CASE role WHEN 'operator' THEN member IS NOT NULL
                    WHEN 'integrator' THEN network LIKE 'integrator:%'
                    ELSE network IS NULL END IS TRUE);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE person DROP CONSTRAINT person_check, DROP CONSTRAINT person_roles_check, DROP member,
        ADD CONSTRAINT person_network_fkey FOREIGN KEY (network) REFERENCES network (slug),
        ADD CONSTRAINT person_roles_check CHECK (
          cardinality(roles) > 0 AND roles <@ ARRAY['admin', 'operator', 'auditor']),
        ADD CONSTRAINT person_check CHECK (('operator' = ANY (roles)) = (network IS NOT NULL));
      ALTER TABLE api_key DROP CONSTRAINT api_key_check, DROP CONSTRAINT api_key_role_check, DROP member,
        ADD CONSTRAINT api_key_network_fkey FOREIGN KEY (network) REFERENCES network (slug),
        ADD CONSTRAINT api_key_role_check CHECK (role IN ('admin', 'operator', 'auditor')),
        ADD CONSTRAINT api_key_check CHECK ((role = 'operator') = (network IS NOT NULL));`);
  }
}
