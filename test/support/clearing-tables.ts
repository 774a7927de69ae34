/** The tables of clearing that disputes write to, for tests that run without it. */
import type { DataSource } from 'typeorm';

export async function clearingTables(database: DataSource): Promise<void> {
  await database.query(`
    CREATE TABLE IF NOT EXISTS business_day (date date PRIMARY KEY, state text NOT NULL, closed_at timestamptz, manifest jsonb);
    CREATE TABLE IF NOT EXISTS position (date date NOT NULL, party text NOT NULL, amount bigint NOT NULL, PRIMARY KEY (date, party));
    CREATE TABLE IF NOT EXISTS adjustment (
      id uuid PRIMARY KEY, from_party text NOT NULL, to_party text NOT NULL, amount bigint NOT NULL, reason text NOT NULL,
      dispute uuid, created_at timestamptz NOT NULL, business_date date);`);
}
