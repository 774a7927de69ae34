export * from './bot-inbox.js';
export * from './correspondents.js';
export { typedAddress } from './read-line.js';
