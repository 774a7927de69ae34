/** The contract suite: the open interface over its webhook. */
import { openHome } from './open.home.js';
import { keepsTheContract } from '../../../test/contract/keeps-the-contract.js';
import { simulated } from '../../../test/contract/simulated-home.js';
import { onOpenNetwork } from './open.expectation.js';

keepsTheContract('adapter-open over its webhook', 'simulated', onOpenNetwork, (hub) =>
  simulated(hub, 'open', 'ann', () => openHome(hub, 'webhook')),
);
