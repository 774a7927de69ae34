/** The contract suite: Youxin, with simulated softphones that keep a TCP connection open. */
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { simulated } from '../../../test/contract/simulated-home.js';
import { sipHome, youxin } from './sip.home.js';

keepsTheContract('adapter-sip on simulated softphones over TCP', 'simulated', youxin, (hub) =>
  simulated(hub, 'youxin', 'ann', () => sipHome(hub, { transport: 'tcp' })),
);
