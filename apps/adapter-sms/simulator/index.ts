export { characterBytes, textOf, type Alphabet as SmsAlphabet } from './alphabets.js';
export { SmsFaults } from './faults.js';
export type { Handset } from './handset.js';
export { numberOf } from './numbers.js';
export { SmsSimulator, type SmsOptions, type SmsProtocol } from './sms-simulator.js';
