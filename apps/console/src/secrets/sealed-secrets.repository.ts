/** The encrypted secrets of all tables. */
import type { Queries } from '#database';
import { LOCKS } from '#database';

export interface StoredSecret {
  id: string;
  secret: string;
}

/** Each table with secrets, its key, and the column with the secret. */
export const SEALED_TABLES = [
  { table: 'second_factor', key: 'person_id', column: 'secret' },
  { table: 'webhook', key: 'id', column: 'secret' },
  { table: 'webhook', key: 'id', column: 'former_secret' },
] as const;
export type SealedTable = (typeof SEALED_TABLES)[number];

/** For `SecretBox`: binds a secret to its row. */
export function placeOf(table: SealedTable['table'], id: string): string {
  return `${table}/${id}`;
}

/** Until the end of the transaction: consoles that start at the same time encrypt again one after the other. */
export async function lockSecrets(queries: Queries): Promise<void> {
  await queries.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.secrets]);
}

export function storedSecrets(
  queries: Queries,
  { table, key, column }: SealedTable,
): Promise<StoredSecret[]> {
  return queries.query<StoredSecret[]>(
    `SELECT ${key} AS id, ${column} AS secret FROM ${table} WHERE ${column} IS NOT NULL ORDER BY 1 FOR UPDATE`,
  );
}

export async function replaceSecret(
  queries: Queries,
  { table, key, column }: SealedTable,
  { id, secret }: StoredSecret,
): Promise<void> {
  await queries.query(`UPDATE ${table} SET ${column} = $2 WHERE ${key} = $1`, [id, secret]);
}
