/** The contract suite: Weibo, simulated; and Weibo in trouble, on the same stage. */
import type { Oddity } from '#phones';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { saidByTheAccount, simulated } from '../../../test/contract/simulated-home.js';
import type { WeiboSimulator } from '../simulator/index.js';
import { WEIBO_CAPABILITIES } from '../src/weibo.config.js';
import { inTrouble } from './in-trouble.plays.js';
import { weiboHome } from './weibo.home.js';

/** A native thing without a canonical form: a message of no documented type, such as a post that is passed on. */
const aPost: Oddity = (word, to) => ({
  act: { do: 'send', to, what: 'link', fields: { text: word } },
  words: word,
});

let weibo: WeiboSimulator;

keepsTheContract(
  'adapter-weibo on a simulated Weibo',
  'simulated',
  {
    ...saidByTheAccount,
    capabilities: WEIBO_CAPABILITIES,
    sendsAtMostOnce: 'Weibo neither recognises a repeated call nor says whether it carried one out',
  },
  (hub) =>
    simulated(
      hub,
      'weibo',
      'ann',
      async () => {
        const home = await weiboHome(hub);
        weibo = home.weibo;
        return home;
      },
      aPost,
    ),
  (stage) => inTrouble(stage, () => weibo),
);
