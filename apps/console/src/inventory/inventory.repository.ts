/** Table `bus_inventory`: every stream, consumer and bucket that the console created. */
import type { DataSource, EntityManager } from 'typeorm';
import type { BusObjectKind } from '#bus';

export interface Recorded {
  kind: BusObjectKind;
  /** As `BusObject.name`. */
  name: string;
  /** The server's creation time, as the server wrote it. */
  created: string;
}

export class InventoryRepository {
  constructor(private readonly database: DataSource) {}

  all(): Promise<Recorded[]> {
    return this.database.query<Recorded[]>(
      'SELECT kind, name, bus_created AS created FROM bus_inventory ORDER BY name',
    );
  }

  /** Of two consoles that create the same object at once, the first records it. */
  async record({ kind, name, created }: Recorded): Promise<void> {
    await this.database.query(
      'INSERT INTO bus_inventory (kind, name, bus_created) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING',
      [kind, name, created],
    );
  }

  /** Only what was recorded with this creation time: another console may have recorded a successor already. */
  async forget(manager: EntityManager, lost: readonly Recorded[]): Promise<void> {
    for (const { name, created } of lost)
      await manager.query('DELETE FROM bus_inventory WHERE name = $1 AND bus_created = $2', [name, created]);
  }
}
