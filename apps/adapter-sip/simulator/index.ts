export { answersCalls } from './answers-calls.js';
export { SipFaults } from './faults.js';
export type { Softphone } from './softphone.js';
export { SipSimulator, type SipOptions } from './sip-simulator.js';
