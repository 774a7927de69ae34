export { ACCOUNT, numberOf, openidOf } from './ids.js';
export { QqSimulator, type QqOptions } from './qq-simulator.js';
