export * from './degrade.js';
