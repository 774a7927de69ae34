/** What the console and clearing keep: tables, how they came about, and the way to them. */
export { databaseInTime, DatabasePulse } from './in-time.js';
export { openDatabase } from './data-source.js';
export * from './entities.js';
export { LOCKS } from './locks.js';
