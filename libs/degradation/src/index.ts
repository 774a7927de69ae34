export * from './arrivals.js';
export * from './degrade.js';
