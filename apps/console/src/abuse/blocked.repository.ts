/** Table of blocked addresses. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Address, Network } from '#protocol';

export interface BlockedRow {
  id: string;
  address: Address;
  /** Network that the address cannot write to; null: all networks. */
  network: Network | null;
  reason: string;
  created_at: Date;
}

@Injectable()
export class BlockedRepository {
  constructor(private readonly database: DataSource) {}

  /**
   * Oldest first. `network` null: of all networks; `address`: only this one; `after`: key of the last row of the previous page.
   */
  list(
    network: Network | null,
    address: string | undefined,
    after: readonly [string, string] | undefined,
    limit: number,
  ): Promise<BlockedRow[]> {
    return this.database.query(
      `SELECT * FROM blocked WHERE ($1::text IS NULL OR network = $1) AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid))
         AND ($5::text IS NULL OR address = $5)
       ORDER BY created_at, id LIMIT $4`,
      [network, after?.[0] ?? null, after?.[1] ?? null, limit, address ?? null],
    );
  }

  async find(id: string): Promise<BlockedRow | undefined> {
    const [row] = await this.database.query<BlockedRow[]>('SELECT * FROM blocked WHERE id = $1', [id]);
    return row;
  }

  /** @returns false if the address is blocked for this network already */
  async insert(manager: EntityManager, row: BlockedRow): Promise<boolean> {
    const made = await manager.query<unknown[]>(
      'INSERT INTO blocked VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id',
      [row.id, row.address, row.network, row.reason, row.created_at],
    );
    return made.length > 0;
  }

  async count(manager: EntityManager, network: Network | null): Promise<number> {
    const [all] = await manager.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM blocked WHERE network IS NOT DISTINCT FROM $1',
      [network],
    );
    return all?.count ?? 0;
  }

  /** @param network network whose block it must be; null: any */
  async remove(manager: EntityManager, id: string, network: Network | null): Promise<BlockedRow | undefined> {
    const [[row]] = await manager.query<[BlockedRow[], number]>(
      'DELETE FROM blocked WHERE id = $1 AND ($2::text IS NULL OR network = $2) RETURNING *',
      [id, network],
    );
    return row;
  }
}
