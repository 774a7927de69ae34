/** What traffic costs, and who owes whom: exact, without input or output, and the same whenever it is computed again. */
export * from './business-day.js';
export * from './day-books.js';
export * from './file-lines.js';
export * from './manifest.js';
export * from './money.js';
export * from './netting.js';
export * from './parties.js';
export * from './record.js';
export * from './shares.js';
export * from './statement-terms.js';
export * from './tariff.js';
