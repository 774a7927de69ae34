/** CMPP 2.0 and 3.0, the protocol of China Mobile. */
export { cmppSettings, type CmppSettings } from './cmpp.config.js';
export { openCmppLink } from './cmpp.link.js';
