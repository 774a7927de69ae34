export * from './http.js';
export * from './log.js';
export * from './metrics.js';
export * from './nest-log.js';
export * from './process.js';
export * from './retry.js';
export * from './settings.js';
export * from './xml.js';
