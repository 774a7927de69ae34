export * from './account.js';
export * from './installation.js';
export * from './manifest.js';
export * from './person.js';
export * from './ports.js';
export * from './secret-file.js';
export * from './simulated-account.js';
export * from './simulated-person.js';
