export * from './account.js';
export * from './installation.js';
export * from './manifest.js';
export * from './ports.js';
export * from './secret-file.js';
export * from './simulated-account.js';
