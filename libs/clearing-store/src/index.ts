/** The books in the database: how a day is closed, and what is read of a closed one. */
export { closeDay, type Closed, type CloseOptions } from './close-day.js';
export { closedDay } from './books.repository.js';
export { clearingFile } from './closed-day.js';
export { recordPrice } from './record-price.js';
export { readStatement, type Statement } from './read-statement.js';
export { statement, STATEMENT_FORMATS, type StatementFormat } from './statement.js';
export { isPartyOf } from './statement-heads.repository.js';
export type { StatementAdjustment } from './statements.repository.js';
export { allTariffs } from './tariffs.repository.js';
export { verifyDay, type Verification } from './verify-day.js';
