export * from './person.js';
export * from './timeline.js';
