/** The contract suite: the open interface over its webhook. */
import { openHome } from '../support/simulated-homes.js';
import { keepsTheContract } from './keeps-the-contract.js';
import { onOpenNetwork, simulated } from './simulated-home.js';

keepsTheContract('adapter-open over its webhook', 'simulated', onOpenNetwork, (hub) =>
  simulated(hub, 'open', 'ann', () => openHome(hub, 'webhook')),
);
