export * from './isolation.contract.js';
export * from './stage.js';
export * from './suite.js';
export * from './test-network.js';
export * from './test.adapter.js';
