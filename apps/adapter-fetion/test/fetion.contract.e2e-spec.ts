/** The contract suite: Fetion, simulated. */
import { FETION_CAPABILITIES } from '../src/fetion.capabilities.js';
import { fetionHome } from './fetion.home.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import type { Oddity } from '#phones';
import { NO_ROOMS, simulated } from '../../../test/contract/simulated-home.js';

/** An account for everybody of the test network who writes to ann in the plays. */
const GHOSTS = 12;

/** A native thing without a canonical form. */
const aNudge: Oddity = (_word, to) => ({ act: { do: 'nudge', to }, words: '👋' });

keepsTheContract(
  'adapter-fetion on a simulated Fetion',
  'simulated',
  {
    capabilities: FETION_CAPABILITIES,
    annCan: ['type'],
    without: {
      reply: 'a Fetion message does not name the message that it answers',
      rename: 'the simulated client keeps the nickname that it signed in with',
      look: 'the protocol that is known of Fetion has no pictures of people',
    },
    hasNoRooms: NO_ROOMS,
    ghosts: true,
    saysUnknown: ({ text }) => (text ?? '').includes('查无此人'),
  },
  (hub) => simulated(hub, 'fetion', '13800138000', () => fetionHome(hub, GHOSTS), aNudge),
);
