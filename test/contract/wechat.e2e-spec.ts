/** The contract suite: WeChat, simulated, in safe mode. */
import { OFFICIAL_ACCOUNT } from '../../apps/adapter-wechat/src/wechat.profile.js';
import { platformHome } from '../support/simulated-homes.js';
import { keepsTheContract } from './keeps-the-contract.js';
import { aLink, saidByTheAccount, simulated } from './simulated-home.js';

keepsTheContract(
  'adapter-wechat on a simulated WeChat, safe mode',
  'simulated',
  { ...saidByTheAccount, capabilities: OFFICIAL_ACCOUNT.capabilities },
  (hub) => simulated(hub, 'wechat', 'ann', () => platformHome(hub, 'wechat'), aLink),
);
