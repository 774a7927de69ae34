/** What the console and clearing keep: tables, how they came about, and the way to them. */
export { openDatabase } from './data-source.js';
export * from './entities.js';
