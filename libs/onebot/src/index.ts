export * from './content.js';
export * from './cq-codes.js';
