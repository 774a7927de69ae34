/** The contract suite: QQ through the official bot API, simulated, with callbacks. */
import type { Oddity } from '#phones';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import { officialCapabilities } from '../src/qq.capabilities.js';
import { qqHome } from './qq.home.js';

/** More than the real 5: the plays write far more without an answer. */
const MANY = 100_000;

/** The API brings a dice as a face with a name. */
const aDice: Oddity = (_word, to) => ({
  act: { do: 'send', to, what: 'sticker', fields: {} },
  words: '骰子',
});

keepsTheContract(
  'adapter-qq on a simulated QQ, through the official bot API',
  'simulated',
  {
    capabilities: officialCapabilities(3_600_000, MANY),
    hasNoRooms: NO_ROOMS,
    annCan: ['sendFile'],
    without: {
      reply: 'the API does not tell a bot which message a person quotes',
      recall: 'the API does not tell a bot that a person recalled a message',
      rename: 'the API tells no names of people',
      look: 'the API tells no pictures of people',
    },
    ghosts: false,
    saysUnknown: ({ text }) => (text ?? '').includes('查无此人'),
  },
  (hub) => simulated(hub, 'qq', 'ann', () => qqHome(hub, 'official', 'http', MANY), aDice),
);
