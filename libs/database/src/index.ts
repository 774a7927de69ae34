/** The tables of console, recorder and clearing in PostgreSQL, their migrations, and the connection to them. */
export { DatabaseModule } from './database.module.js';
export { DatabasePulse } from './database-pulse.js';
export { openDatabase } from './open-database.repository.js';
export * from './entities.js';
export type { Queries } from './queries.js';
export { nativeHash } from './native-hash.js';
export { hasText } from './text-number.js';
export { LOCKS } from './locks.js';
