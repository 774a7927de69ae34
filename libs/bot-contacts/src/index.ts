export * from './correspondents.js';
export { typedAddress } from './read-line.js';
