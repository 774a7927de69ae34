/** The contract suite: Yixin, simulated. */
import { YIXIN } from '../src/yixin.profile.js';
import { yixinHome } from './yixin.home.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { aLink, saidByTheAccount, simulated } from '../../../test/contract/simulated-home.js';

keepsTheContract(
  'adapter-yixin on a simulated Yixin platform',
  'simulated',
  { ...saidByTheAccount, capabilities: YIXIN.capabilities },
  (hub) => simulated(hub, 'yixin', 'ann', () => yixinHome(hub), aLink),
);
