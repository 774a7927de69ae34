export * from './phone.js';
export * from './simulated.phone.js';
