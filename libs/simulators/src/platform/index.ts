export { Faults, type Silence, type Trouble } from './faults.js';
export { accountIdOf, openIdOf } from './ids.js';
export type { PlatformKind } from './kind.js';
export { platformKinds, WECHAT, WECOM, YIXIN } from './kinds.js';
export type { PlatformOptions } from './options.js';
export { PlatformFaults, PlatformSimulator } from './platform-simulator.js';
export type { PlatformPerson } from './platform-person.js';
