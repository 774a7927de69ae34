export * from './bucket.js';
export * from './bus-authority.js';
export * from './bus-link.js';
export * from './control-client.js';
export * from './dead-letters.js';
export * from './lane-consumer.js';
export * from './ordered-publisher.js';
export * from './topology.js';
