export { ACCOUNT_ID, userIdOf } from './ids.js';
export type { LinePerson } from './line-person.js';
export { LineSimulator, type LineOptions } from './line-simulator.js';
