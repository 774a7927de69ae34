/** The contract suite: WeCom, simulated. */
import { WECOM } from '../src/wecom.profile.js';
import { wecomHome } from './wecom.home.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { aLink, saidByTheAccount, simulated } from '../../../test/contract/simulated-home.js';

keepsTheContract(
  'adapter-wechat on a simulated WeCom',
  'simulated',
  { ...saidByTheAccount, capabilities: WECOM.capabilities },
  (hub) => simulated(hub, 'wecom', 'ann', () => wecomHome(hub), aLink),
);
