/** The contract suite: bots on OneBot 11, simulated. */
import type { Oddity } from '#phones';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';
import { ONEBOT_CAPABILITIES } from '../src/onebot.capabilities.js';
import { oneBotHome } from './onebot.home.js';

/** A segment without a canonical form. */
const aDice: Oddity = (word, to) => ({
  act: { do: 'send', to, what: 'sticker', fields: { meaning: word } },
  words: word,
});

keepsTheContract(
  'adapter-onebot with simulated bots',
  'simulated',
  {
    capabilities: ONEBOT_CAPABILITIES,
    hasNoRooms: NO_ROOMS,
    annCan: ['reply', 'recall', 'sendFile'],
    without: {
      rename: 'the operator gives a bot its name, in the settings',
      look: 'OneBot 11 has no action with which a bot shows a picture of itself',
    },
    ghosts: true,
    sendsAtMostOnce: 'OneBot 11 has no key by which a bot knows an event that comes again',
    saysUnknown: ({ kind, text }) => kind === 'error' && (text ?? '').includes('14'),
  },
  (hub) => simulated(hub, 'bots', 'ann', () => oneBotHome(hub), aDice),
);
