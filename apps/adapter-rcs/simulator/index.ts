export { CHATBOT, numberOf } from './ids.js';
export type { RcsPerson } from './rcs-person.js';
export { RcsSimulator, type RcsOptions } from './rcs-simulator.js';
