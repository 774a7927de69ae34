/** SMGP 3.0, the protocol of China Telecom. */
export { openSmgpLink } from './smgp.link.js';
export { smgpSettings, type SmgpSettings } from './smgp.config.js';
