/** SGIP 1.2, the protocol of China Unicom. */
export { openSgipLink } from './sgip.link.js';
export { sgipSettings, type SgipSettings } from './sgip.config.js';
