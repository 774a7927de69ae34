export * from './begin-pairing.js';
export * from './fetch-bytes.js';
export * from './phone.js';
export * from './shown.js';
export * from './simulated.phone.js';
