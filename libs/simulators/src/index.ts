export * from './person.js';
export * from './timeline.js';
export * from './fetion/index.js';
