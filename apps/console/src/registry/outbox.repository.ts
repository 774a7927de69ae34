/** Table `registry_entry`: the value that each key on the bus should have, and whether the bus has confirmed it. */
import type { DataSource, EntityManager } from 'typeorm';
import { LOCKS } from '#database';

export interface OutboxRow {
  key: string;
  /** A `RegistryContent` as JSON. */
  content: string;
  version: number;
}

interface Columns {
  key: string;
  content: string;
  version: string;
}

/**
 * Locks entries until the end of the transaction, so that what is read afterwards is complete. Locks are taken in the order of the
 * keys, so that transactions cannot deadlock.
 */
export async function lockEntries(manager: EntityManager, keys: string[]): Promise<void> {
  for (const key of [...keys].sort())
    await manager.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCKS.registry, key]);
}

export async function storedContents(manager: EntityManager, keys: string[]): Promise<Map<string, string>> {
  const rows = await manager.query<{ key: string; content: string }[]>(
    'SELECT key, content FROM registry_entry WHERE key = ANY($1)',
    [keys],
  );
  return new Map(rows.map(({ key, content }) => [key, content]));
}

/** Stores a value with a new version, higher than all earlier ones. */
export async function store(manager: EntityManager, key: string, content: string): Promise<void> {
  await manager.query(
    `INSERT INTO registry_entry (key, content, version) VALUES ($1, $2, nextval('registry_version'))
     ON CONFLICT (key) DO UPDATE SET content = excluded.content, version = excluded.version`,
    [key, content],
  );
}

/** Oldest change first. @param all also entries that the bus has confirmed */
export async function outbox(database: DataSource, all: boolean): Promise<OutboxRow[]> {
  const rows = await database.query<Columns[]>(
    'SELECT key, content, version FROM registry_entry WHERE $1 OR published < version ORDER BY version',
    [all],
  );
  return rows.map(({ version, ...row }) => ({ ...row, version: Number(version) }));
}

export async function countUnpublished(database: DataSource): Promise<number> {
  const [row] = await database.query<{ count: number }[]>(
    'SELECT count(*)::int AS count FROM registry_entry WHERE published < version',
  );
  return row?.count ?? 0;
}

export async function confirm(database: DataSource, { key, version }: OutboxRow): Promise<void> {
  await database.query(
    'UPDATE registry_entry SET published = $2 WHERE key = $1 AND version >= $2 AND published < $2',
    [key, version],
  );
}

/**
 * Called when the bus has a version that this database never made, because the database was restored from an older copy. Gives the
 * entry a higher version, unless it has changed in the meantime.
 */
export async function overtake(
  database: DataSource,
  { key, version }: OutboxRow,
  onTheBus: number,
): Promise<void> {
  await database.query(
    `SELECT setval('registry_version', greatest($1::bigint, (SELECT last_value FROM registry_version)))`,
    [onTheBus],
  );
  await database.query(
    `UPDATE registry_entry SET version = nextval('registry_version') WHERE key = $1 AND version = $2`,
    [key, version],
  );
}

export async function missingFrom(database: DataSource, keys: string[]): Promise<string[]> {
  const rows = await database.query<{ key: string }[]>(
    'SELECT key FROM unnest($1::text[]) AS key WHERE NOT EXISTS (SELECT 1 FROM registry_entry e WHERE e.key = key.key)',
    [keys],
  );
  return rows.map(({ key }) => key);
}
