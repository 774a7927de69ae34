export * from './cache.js';
export * from './child.js';
export * from './engine.js';
export * from './nats-server.js';
export * from './ports.js';
export * from './postgres.js';
export * from './prosody.js';
export * from './synapse.js';
