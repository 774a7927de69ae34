/** The contract suite: Fetion, simulated. */
import { FETION_CAPABILITIES } from '../../apps/adapter-fetion/src/fetion.capabilities.js';
import { fetionHome } from '../support/simulated-homes.js';
import { keepsTheContract } from './keeps-the-contract.js';
import { aNudge, NO_ROOMS, simulated } from './simulated-home.js';

/** An account for everybody of the test network who writes to ann in the plays. */
const GHOSTS = 12;

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
