export * from './abilities.js';
export * from './adapter.contract.js';
export * from './adapter-runtime.js';
export * from './run-adapter.js';
export * from './channel/correspondents.js';
export { typedAddress } from './channel/read-line.js';
