/** The contract suite: Yunxin, simulated. */
import { YUNXIN_CAPABILITIES } from '../../apps/adapter-yunxin/src/yunxin.capabilities.js';
import { yunxinHome } from '../support/simulated-homes.js';
import { keepsTheContract } from './keeps-the-contract.js';
import { aCustomMessage, saidByTheAccount, simulated } from './simulated-home.js';

keepsTheContract(
  'adapter-yunxin on a simulated Yunxin',
  'simulated',
  {
    ...saidByTheAccount,
    without: {
      ...saidByTheAccount.without,
      reply: 'the adapter is not told which message of Yunxin a person answers',
      shownAvatar: 'the simulated client keeps no pictures of others',
    },
    ghosts: true,
    capabilities: YUNXIN_CAPABILITIES,
  },
  (hub) => simulated(hub, 'yunxin', 'ann', () => yunxinHome(hub), aCustomMessage),
);
