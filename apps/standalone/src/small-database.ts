/**
 * Settings of PostgreSQL for an installation on one machine, where five of our processes use it: few buffers, and no
 * processes for replication, parallel queries or reading ahead, each of which takes memory without any use here.
 */
export function smallDatabase(version: string): string[] {
  const settings = [
    'max_connections=60',
    'shared_buffers=16MB',
    'max_logical_replication_workers=0',
    'max_parallel_workers=0',
    'jit=off',
  ];
  // Since version 18 PostgreSQL has separate processes for reading.
  return Number.parseInt(version, 10) >= 18 ? [...settings, 'io_method=sync'] : settings;
}
