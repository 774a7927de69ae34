/** The contract suite: the open interface over a WebSocket. */
import { openHome } from '../support/simulated-homes.js';
import { keepsTheContract } from './keeps-the-contract.js';
import { onOpenNetwork, simulated } from './simulated-home.js';

keepsTheContract('adapter-open over a WebSocket', 'simulated', onOpenNetwork, (hub) =>
  simulated(hub, 'open', 'ann', () => openHome(hub, 'socket')),
);
