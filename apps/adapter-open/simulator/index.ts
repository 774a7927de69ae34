export { signed } from './hub-client.js';
export * from './open-network.js';
