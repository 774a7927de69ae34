export { YunxinFaults } from './yunxin-faults.js';
export type { YunxinPerson } from './yunxin-person.js';
export { YunxinSimulator, type YunxinOptions } from './yunxin-simulator.js';
