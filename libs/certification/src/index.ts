/** Certification: tests the contract of an adapter over the bus, independent of its author and its language. */
export * from './advice.js';
export * from './capabilities-hash.js';
export type { CertifierBus } from './case-context.js';
export * from './case.js';
export * from './cases-table.js';
export * from './certify.js';
export * from './level.js';
export * from './page.js';
export * from './report.js';
export * from './test-people.js';
export * from './suite.js';
