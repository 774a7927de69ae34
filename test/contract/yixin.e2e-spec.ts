/** The contract suite: Yixin, simulated. */
import { YIXIN } from '../../apps/adapter-yixin/src/yixin.profile.js';
import { platformHome } from '../support/simulated-homes.js';
import { keepsTheContract } from './keeps-the-contract.js';
import { aLink, saidByTheAccount, simulated } from './simulated-home.js';

keepsTheContract(
  'adapter-yixin on a simulated Yixin platform',
  'simulated',
  { ...saidByTheAccount, capabilities: YIXIN.capabilities },
  (hub) => simulated(hub, 'yixin', 'ann', () => platformHome(hub, 'yixin'), aLink),
);
