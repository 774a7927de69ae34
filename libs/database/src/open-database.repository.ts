import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { ENTITIES } from './entities.js';
import { LOCKS } from './locks.js';
import { MIGRATIONS } from './migrations/index.js';

/** Creates the database if it is missing, migrates it (one process at a time), and connects. */
export async function openDatabase(url: string): Promise<DataSource> {
  await createDatabase(url);
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    extra: { max: 10, connectionTimeoutMillis: 5000 },
    installExtensions: false,
  });
  await dataSource.initialize();
  await dataSource.query('SELECT pg_advisory_lock($1)', [LOCKS.migrations]);
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.query('SELECT pg_advisory_unlock_all()');
  }
  return dataSource;
}

/** @throws when the database does not answer */
export async function ping(database: DataSource): Promise<void> {
  await database.query('SELECT 1');
}

async function createDatabase(url: string): Promise<void> {
  const target = new URL(url);
  const name = target.pathname.slice(1);
  target.pathname = '/postgres';
  const client = new Client({ connectionString: target.href });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE "${name.replaceAll('"', '""')}"`);
  } finally {
    await client.end();
  }
}
