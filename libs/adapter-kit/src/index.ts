export * from './abilities.js';
export * from './adapter.contract.js';
export * from './adapter-runtime.js';
export * from './run-adapter.js';
export * from './first-use.js';
export * from './http/adapter-http.js';
export * from './http/edge.js';
export * from './channel/correspondents.js';
export { typedAddress } from './channel/read-line.js';
