/** What the console created on the bus, kept outside the bus: a bus that lost something cannot say so itself. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class BusInventory1764410000000 implements MigrationInterface {
  readonly name = 'BusInventory1764410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bus_inventory (
        name text PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('stream', 'consumer', 'bucket')),
        bus_created text NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(
      `COMMENT ON COLUMN bus_inventory.bus_created IS 'creation time as nats-server writes it, to the nanosecond'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bus_inventory');
  }
}
