export * from './avatar.js';
export * from './converter.js';
export * from './download.js';
export * from './inspect.js';
export * from './location-data.js';
export * from './media-file.js';
export * from './scratch.js';
export * from './tools.js';
