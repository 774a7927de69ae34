export * from './bots-network.js';
export * from './ids.js';
