export * from './person.js';
export * from './timeline.js';
export * from './fetion/index.js';
export * from './platform/index.js';
export * from './yunxin/index.js';
export { signed } from './open/hub-client.js';
export * from './open/open-network.js';
export * from './remote-person.js';
export * from './users-api.js';
