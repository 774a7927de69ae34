/** Certification: the contract of an adapter, tried over the bus from outside, whoever wrote it and in whatever language. */
export * from './capabilities-hash.js';
export * from './case.js';
export * from './cases-table.js';
export * from './certify.js';
export * from './level.js';
export * from './page.js';
export * from './report.js';
export * from './test-people.js';
export * from './suite.js';
