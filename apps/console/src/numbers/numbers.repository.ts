/** Ported numbers, and what a number leads to. */
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Queries } from '#database';
import type { Address, Network } from '#protocol';

/** Linked addresses of a number that are returned. */
const MOST_LINKS = 8;

const LOOK_UP = `
  (SELECT network, address FROM route WHERE kind = 'exact' AND key = $1)
  UNION ALL
  (SELECT NULL, address FROM link WHERE number = $2 AND findable
   ORDER BY preferred DESC, since DESC, address LIMIT ${MOST_LINKS})`;

export interface DirectoryColumns {
  /** Set if the number is ported. */
  network: Network | null;
  address: Address | null;
}

export interface PortedColumns {
  key: string;
  network: string;
  address: string | null;
  since: Date;
}

/** By a prepared statement, which the pool of TypeORM cannot make: planning takes longer than the look-up. @param digits without the plus */
export async function lookUp(database: DataSource, digits: string): Promise<DirectoryColumns[]> {
  const pool = (database.driver as PostgresDriver).master as Pool;
  const { rows } = await pool.query<DirectoryColumns>({
    name: 'directory',
    text: LOOK_UP,
    values: [digits, digits],
  });
  return rows;
}

/** In the order of the numbers. @param after the last number seen @param network to which they were ported; null: any */
export function portedAfter(
  queries: Queries,
  after: string | undefined,
  network: Network | null,
  limit: number,
): Promise<PortedColumns[]> {
  return queries.query(
    `SELECT key, network, address, since FROM route
     WHERE kind = 'exact' AND key > $1 AND ($2::text IS NULL OR network = $2) ORDER BY key LIMIT $3`,
    [after, network, limit],
  );
}
