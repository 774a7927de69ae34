/** The contract suite: Yunxin, simulated. */
import { YUNXIN_CAPABILITIES } from '../src/yunxin.capabilities.js';
import { yunxinHome } from './yunxin.home.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import type { Oddity } from '#phones';
import { saidByTheAccount, simulated } from '../../../test/contract/simulated-home.js';

/** A native thing without a canonical form. */
const aCustomMessage: Oddity = (word, to) => ({
  act: { do: 'send', to, what: 'sticker', fields: { msg: word } },
  words: word,
});

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
