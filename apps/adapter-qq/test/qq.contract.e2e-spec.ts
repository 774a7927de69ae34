/** The contract suite: QQ through OneBot 11, simulated. */
import type { Oddity } from '#phones';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import { ONEBOT_11_CAPABILITIES } from '../src/qq.capabilities.js';
import { qqHome } from './qq.home.js';

/** A native thing without a canonical form: a dice is a picture that only QQ's clients draw. */
const aDice: Oddity = (_word, to) => ({
  act: { do: 'send', to, what: 'sticker', fields: {} },
  words: 'dice',
});

keepsTheContract(
  'adapter-qq on a simulated QQ, over a WebSocket of OneBot 11',
  'simulated',
  {
    capabilities: ONEBOT_11_CAPABILITIES,
    hasNoRooms: NO_ROOMS,
    annCan: ['reply', 'recall', 'sendFile', 'rename'],
    without: {
      look: 'OneBot tells no pictures of people',
    },
    ghosts: false,
    saysUnknown: ({ text }) => (text ?? '').includes('查无此人'),
  },
  (hub) => simulated(hub, 'qq', 'ann', () => qqHome(hub, 'onebot11', 'ws'), aDice),
);
