export * from './abilities.js';
export * from './adapter.contract.js';
export * from './adapter-runtime.js';
export * from './run-adapter.js';
export * from './first-use.js';
export * from './send-split-text.js';
export { presentableParty } from './presentable-party.js';
export { coversMessage, firstNative, firstPiece, lastNative, nativePieces } from './native-pieces.js';
export * from './http/adapter-http.js';
