/** The contract suite: WeChat, simulated, in safe mode. */
import { OFFICIAL_ACCOUNT } from '../src/wechat.profile.js';
import { wechatHome } from './wechat.home.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { aLink, saidByTheAccount, simulated } from '../../../test/contract/simulated-home.js';

keepsTheContract(
  'adapter-wechat on a simulated WeChat, safe mode',
  'simulated',
  { ...saidByTheAccount, capabilities: OFFICIAL_ACCOUNT.capabilities },
  (hub) => simulated(hub, 'wechat', 'ann', () => wechatHome(hub), aLink),
);
