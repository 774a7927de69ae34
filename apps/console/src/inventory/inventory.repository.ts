/** Table `bus_inventory`: every stream, consumer and bucket that the console created. */
import type { DataSource, EntityManager } from 'typeorm';
import type { BusObjectKind } from '#bus';

export interface Recorded {
  kind: BusObjectKind;
  /** Name, as in `BusObject`. */
  name: string;
  /** Creation time, as nats-server reports it. */
  created: string;
}

export class InventoryRepository {
  constructor(private readonly database: DataSource) {}

  all(): Promise<Recorded[]> {
    return this.database.query<Recorded[]>(
      'SELECT kind, name, bus_created AS created FROM bus_inventory ORDER BY name',
    );
  }

  /** Runs the work while no other console does. @returns false when another one does now */
  exclusively(work: () => Promise<boolean>): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const [lock] = await manager.query<{ ours: boolean }[]>(
        "SELECT pg_try_advisory_xact_lock(hashtextextended('bus inventory', 0)) AS ours",
      );
      return lock?.ours === true && work();
    });
  }

  /** If two consoles create the same object at the same time, the first one records it. */
  async record({ kind, name, created }: Recorded): Promise<void> {
    await this.database.query(
      'INSERT INTO bus_inventory (kind, name, bus_created) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING',
      [kind, name, created],
    );
  }

  /** Deletes a record with this creation time only: another console can have recorded the new object already. */
  async forget(manager: EntityManager, lost: readonly Recorded[]): Promise<void> {
    for (const { name, created } of lost)
      await manager.query('DELETE FROM bus_inventory WHERE name = $1 AND bus_created = $2', [name, created]);
  }
}
