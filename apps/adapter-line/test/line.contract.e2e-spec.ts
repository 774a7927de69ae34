/** The contract suite: LINE, simulated. */
import type { Oddity } from '#phones';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import { LINE_CAPABILITIES } from '../src/line.config.js';
import { lineHome } from './line.home.js';

/** A native thing without a canonical form: LINE tells of a sticker its keywords, and gives no picture. */
const aSticker: Oddity = (word, to) => ({
  act: { do: 'send', to, what: 'sticker', fields: { keywords: word } },
  words: word,
});

keepsTheContract(
  'adapter-line on a simulated LINE',
  'simulated',
  {
    capabilities: LINE_CAPABILITIES,
    hasNoRooms: NO_ROOMS,
    annCan: ['reply', 'recall', 'sendFile'],
    without: {
      rename: 'the adapter asks LINE for a profile once an hour',
      look: 'the adapter asks LINE for a profile once an hour',
    },
    ghosts: false,
    saysUnknown: ({ text }) => (text ?? '').includes('no such person'),
  },
  (hub) => simulated(hub, 'line', 'ann', () => lineHome(hub), aSticker),
);
