/** What console, recorder and clearing keep in PostgreSQL: tables, how they came about, and the way to them. */
export { databaseInTime, DatabasePulse } from './in-time.js';
export { openDatabase } from './data-source.js';
export * from './entities.js';
export { nativeHash } from './native-hash.js';
export { LOCKS } from './locks.js';
