/** The contract suite: WeCom, simulated. */
import { WECOM } from '../../apps/adapter-wecom/src/wecom.profile.js';
import { platformHome } from '../support/simulated-homes.js';
import { keepsTheContract } from './keeps-the-contract.js';
import { aLink, saidByTheAccount, simulated } from './simulated-home.js';

keepsTheContract(
  'adapter-wechat on a simulated WeCom',
  'simulated',
  { ...saidByTheAccount, capabilities: WECOM.capabilities },
  (hub) => simulated(hub, 'wecom', 'ann', () => platformHome(hub, 'wecom'), aLink),
);
